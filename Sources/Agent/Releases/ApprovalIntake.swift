internal import Activation
internal import Configuration
internal import Model
internal import Trust

/// Whose approval this host demands of an order, and whether it has it; a coordinator's own number counts for nothing here.
struct ApprovalIntake: Sendable {
    let policy: TrustPolicy
    let paths: AgentPaths

    /// What `order` permits, by the signatures on its exact bytes.
    ///
    /// - Throws: `Failure` that says how many people are needed, who has approved, and why other signatures do not count.
    func judge(
        _ material: PrepareOrder,
        of release: Release,
        _ provenance: Provenance,
        demand: Verification.Demand,
        at now: WallTime
    ) throws(Failure) -> Verdict {
        guard let threshold = self.demand(for: release.service, in: release.environment) else { return Verdict() }
        guard !material.order.isEmpty else { throw threshold.failure(.activating) }
        do {
            _ = try people(behind: material, threshold.people, provenance, at: now)
            return Verdict()
        } catch {
            if let broken = try? breaker(of: material, at: now) { return broken }
            switch demand {
            case .approvalsUnlessWayBack where material.approvals.isEmpty: return Verdict(permits: .wayBack)
            case .approvalsUnlessWayBack, .provenanceAndApprovals: throw Failure(.approvalRefused, "\(error)")
            }
        }
    }

    /// How many people must have approved, or nil where nobody has to.
    func demand(for service: ServiceName, in environment: EnvironmentName) -> ApprovalDemand? {
        let people = policy.approvals(of: service, in: environment)
        guard people > 0 else { return nil }
        return ApprovalDemand(people: people, service: service, environment: environment, policy: paths.policy)
    }

    /// How many people must have approved an order that a person brings.
    ///
    /// - Throws: `Failure` where nobody has to: nobody verifies the order then, so nothing in it may count.
    func orderDemand(
        for service: ServiceName,
        in environment: EnvironmentName
    ) throws(Failure) -> ApprovalDemand {
        if let demand = demand(for: service, in: environment) { return demand }
        let message = "this host demands nobody's approval of \(service) in \(environment): leave --order out"
        throw Failure(.orderRefused, message)
    }

    /// Who has approved an order, if they are as many as `threshold`.
    func people(
        behind material: PrepareOrder,
        _ threshold: Int,
        _ provenance: Provenance,
        at now: WallTime
    ) throws -> [String] {
        let order = try CanonicalJSON.decode(Order.self, from: material.order)
        let signers = try AllowedSigners.load(path: paths.approvers)
        return try ApprovalPolicy(signers: signers, threshold: threshold).verify(
            material.approvals,
            on: material.order,
            involved: involved(order, provenance),
            at: now
        )
    }

    /// People of whom one alone is not enough: who asked for the rollout, and who wrote what it brings.
    private func involved(_ order: Order, _ provenance: Provenance) -> Set<String> {
        Set([order.requester.text] + (provenance.source?.authors ?? []))
    }

    /// Whose break-glass key has signed the order; a file that can't be read breaks no glass.
    private func breaker(of material: PrepareOrder, at now: WallTime) throws -> Verdict? {
        guard let bytes = try TrustedFile.readIfPresent(paths.breakGlass, .signersInvalid) else { return nil }
        let policy = BreakGlassPolicy(signers: try AllowedSigners(parsing: bytes, name: paths.breakGlass))
        guard let person = policy.breaker(among: material.approvals, of: material.order, at: now) else { return nil }
        let reason = try CanonicalJSON.decode(Order.self, from: material.order).reason
        return Verdict(breakGlass: BreakGlass(by: person, reason: reason))
    }
}
