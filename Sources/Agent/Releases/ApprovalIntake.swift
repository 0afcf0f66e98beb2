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
        let threshold = policy.approvals(of: release.service, in: release.environment)
        guard threshold > 0 else { return Verdict() }
        guard !material.order.isEmpty else {
            let people = threshold == 1 ? "1 person" : "\(threshold) people"
            throw Failure(
                .approvalRefused,
                "\(paths.policy) demands the approval of \(people) for \(release.service) in \(release.environment), and there "
                    + "is no order that somebody could have approved; roll it out with 'fleet rollout', or go back with "
                    + "'agent rollback'"
            )
        }
        do {
            let order = try CanonicalJSON.decode(Order.self, from: material.order)
            let signers = try AllowedSigners.load(path: paths.approvers)
            _ = try ApprovalPolicy(signers: signers, threshold: threshold).verify(
                material.approvals,
                on: material.order,
                involved: involved(order, provenance),
                at: now
            )
            return Verdict()
        } catch {
            if let broken = try? breaker(of: material, at: now) { return broken }
            switch demand {
            case .approvalsUnlessWayBack where material.approvals.isEmpty: return Verdict(permits: .wayBack)
            case .approvalsUnlessWayBack, .provenanceAndApprovals: throw Failure(.approvalRefused, "\(error)")
            }
        }
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
