/// What a plan says of whether its artifact has proved itself where its environment demands it.
package struct Proving: Hashable, Codable, Sendable {
    /// In the order of the policy.
    package var proofs: [Proof]
    /// What was lacking where somebody goes on all the same, one sentence each; the plan's reason says why.
    ///
    /// Nil where nothing was lacking.
    package var lacking: [String]?

    package init(proofs: [Proof], lacking: [String]? = nil) {
        self.proofs = proofs
        self.lacking = lacking
    }

    /// That an environment is on the artifact, by a rollout that has succeeded.
    package struct Proof: Hashable, Codable, Sendable {
        package var environment: EnvironmentName
        /// The rollout that has brought it there.
        package var rollout: RolloutID
        /// When that rollout ended.
        package var since: WallTime
        /// The rollout that went back from it before, where the way back must have been tried; nil where it need not, or
        /// there was none.
        package var wayBack: RolloutID?

        package init(environment: EnvironmentName, rollout: RolloutID, since: WallTime, wayBack: RolloutID? = nil) {
            self.environment = environment
            self.rollout = rollout
            self.since = since
            self.wayBack = wayBack
        }
    }
}
