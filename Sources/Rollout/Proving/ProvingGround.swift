package import Model

/// What the ledger says of an environment in which an artifact is to prove itself.
package struct ProvingGround: Hashable, Sendable {
    package var environment: EnvironmentName
    /// What it is on; nil where no rollout has succeeded yet.
    package var present: Present?
    /// The rollout that has quarantined the artifact in question there; nil where none has.
    package var quarantinedBy: RolloutID?

    package init(_ environment: EnvironmentName, present: Present?, quarantinedBy: RolloutID? = nil) {
        self.environment = environment
        self.present = present
        self.quarantinedBy = quarantinedBy
    }

    /// What is known of the way from a release to the one before it.
    package enum WayBack: Hashable, Sendable {
        /// It was the first one there.
        case none
        case untried
        /// That rollout has gone it, and the release came again.
        case tried(RolloutID)

        var rollout: RolloutID? {
            switch self {
            case .none, .untried: nil
            case .tried(let rollout): rollout
            }
        }
    }

    /// The release of the last rollout that succeeded there.
    package struct Present: Hashable, Sendable {
        package var release: ReleaseID
        package var artifact: Digest
        /// The rollout that has brought it there.
        package var rollout: RolloutID
        /// When that rollout ended.
        package var since: WallTime
        package var wayBack: WayBack

        package init(
            release: ReleaseID,
            artifact: Digest,
            rollout: RolloutID,
            since: WallTime,
            wayBack: WayBack = .untried
        ) {
            self.release = release
            self.artifact = artifact
            self.rollout = rollout
            self.since = since
            self.wayBack = wayBack
        }
    }
}
