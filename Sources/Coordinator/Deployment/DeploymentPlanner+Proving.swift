internal import Configuration
internal import Model
internal import Rollout

extension DeploymentPlanner {
    /// What the plan of a new release says of where its artifact has proved itself; nil where nothing demands it.
    ///
    /// - Throws: `artifact.unproven` with what was found in each environment, unless the request goes on all the same.
    func proving(_ release: Release, _ request: DeploymentRequest) async throws -> Proving? {
        guard let verdict = try await verdict(release) else { return nil }
        guard !verdict.gaps.isEmpty else { return Proving(proofs: verdict.proofs) }
        // Who goes on with a rollout does so by its plan, wherever the other environments are by now.
        if let begun = try await ledger.unfinished(release.service, release.environment)?.plan, begun.release == release
        {
            return begun.proving
        }
        guard request.unproven == .accept else { throw CoordinatorError.unproven(release, verdict.gaps) }
        guard request.reason?.isEmpty == false else {
            throw CoordinatorError(
                .unproven,
                "--unproven needs a --reason, which stands in the plan and in the ledger"
            )
        }
        return Proving(proofs: verdict.proofs, lacking: verdict.gaps.map(\.description))
    }

    /// Looks again when a plan is to be carried out: an environment may have gone back since people have read it.
    func demandProof(of plan: Plan) async throws {
        guard plan.kind == .deploy, plan.catchUp == nil, plan.returned == nil, plan.proving?.lacking == nil,
            let release = plan.release, let verdict = try await verdict(release), !verdict.gaps.isEmpty
        else { return }
        throw CoordinatorError.unproven(release, verdict.gaps)
    }

    /// Judges by the ledger and this machine's clock; nil where the environment demands nothing.
    private func verdict(_ release: Release) async throws -> ProvingRule.Verdict? {
        let (service, digest) = (release.service, release.artifact.digest)
        guard let policy = try configuration.environment(release.environment, of: service).proven else { return nil }
        // What the environment is on already has come there by its rule, or by somebody's word: its configuration may change.
        if let here = try await ledger.present(service, release.environment), here.artifact == digest {
            let proof = Proving.Proof(environment: release.environment, rollout: here.rollout, since: here.since)
            return ProvingRule.Verdict(proofs: [proof])
        }
        var grounds: [ProvingGround] = []
        for name in policy.environments {
            let present = try await ledger.present(service, name)
            let quarantine = try await ledger.quarantine(service, name).first { $0.artifact == digest }
            grounds.append(ProvingGround(name, present: present, quarantinedBy: quarantine?.rollout))
        }
        return ProvingRule(policy, artifact: digest).judge(grounds, at: CoordinatorClock().wall)
    }
}

extension Ledger {
    /// What an environment is on, and by which rollout.
    func present(_ service: ServiceName, _ environment: EnvironmentName) throws -> ProvingGround.Present? {
        let history = try history(service, environment)
        guard let arrival = history.arrival,
            let confirmed = try confirmed(service, environment).first(where: { $0.id == arrival.target })
        else { return nil }
        return ProvingGround.Present(
            release: arrival.target,
            artifact: confirmed.release.artifact.digest,
            rollout: arrival.id,
            since: arrival.endedAt,
            wayBack: history.wayBack
        )
    }
}

extension CoordinatorError {
    fileprivate static func unproven(_ release: Release, _ gaps: [ProvingGap]) -> Self {
        let found = gaps.map { "\($0); \($0.advice(release.service, release.version))" }.joined(separator: ". ")
        return Self(
            .unproven,
            "\(release.version) (artifact \(release.artifact.digest.short)) has not proved itself for \(release.environment): "
                + "\(found). In an emergency roll it out all the same with --unproven --reason TEXT"
        )
    }
}
