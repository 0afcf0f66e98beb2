package import Model
package import Rollout

/// A rollout as it stands in the ledger.
package struct StoredRollout: Codable, Sendable {
    package let id: RolloutID
    package let plan: Plan
    /// Set once it has ended, or stands paused.
    package let summary: RolloutSummary?
    package let startedBy: String
    package let startedAt: WallTime
    /// Nil while it can still go on.
    package let endedAt: WallTime?

    package var isFinished: Bool { endedAt != nil }
}
