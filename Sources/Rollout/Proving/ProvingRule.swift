package import Model

/// Whether an artifact may go where it must have proved itself elsewhere before.
package struct ProvingRule: Sendable {
    private let policy: ProvenPolicy
    private let artifact: Digest

    package init(_ policy: ProvenPolicy, artifact: Digest) {
        self.policy = policy
        self.artifact = artifact
    }

    /// What speaks for the artifact, and what is lacking; nothing is where it may go.
    package struct Verdict: Hashable, Sendable {
        package var proofs: [Proving.Proof]
        package var gaps: [ProvingGap] = []

        package init(proofs: [Proving.Proof] = []) { self.proofs = proofs }
    }

    /// Judges by what is known of each environment that the policy names, at a moment of the wall clock.
    ///
    /// An environment that nothing is known of proves nothing.
    package func judge(_ grounds: [ProvingGround], at now: WallTime) -> Verdict {
        var verdict = Verdict()
        for name in policy.environments {
            let ground = grounds.first { $0.environment == name } ?? ProvingGround(name, present: nil)
            if let reason = gap(ground, at: now) {
                verdict.gaps.append(ProvingGap(environment: name, reason: reason))
            } else if let present = ground.present {
                verdict.proofs.append(
                    Proving.Proof(
                        environment: name,
                        rollout: present.rollout,
                        since: present.since,
                        wayBack: policy.wayBack ? present.wayBack.rollout : nil
                    )
                )
            }
        }
        return verdict
    }

    /// What is lacking in one environment; nil where the artifact has proved itself.
    private func gap(_ ground: ProvingGround, at now: WallTime) -> ProvingGap.Reason? {
        if let rollout = ground.quarantinedBy { return .quarantined(by: rollout) }
        guard let present = ground.present else { return .nothing }
        guard present.artifact == artifact else { return .other(present) }
        guard !policy.wayBack || present.wayBack != .untried else { return .untried(present) }
        let ripe = present.since + policy.span
        // A clock that was set back makes it look younger, never older.
        guard now >= ripe else { return .young(present, until: ripe, rest: ripe - now) }
        return nil
    }
}
