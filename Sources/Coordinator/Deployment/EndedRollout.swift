package import Model

/// A rollout of one service that has ended: what it wanted and what came of it.
package struct EndedRollout: Hashable, Sendable {
    package let id: RolloutID
    package let kind: Plan.Kind
    package let target: ReleaseID
    package let previous: ReleaseID?
    package let outcome: Outcome
    package let endedAt: WallTime

    package init(
        id: RolloutID,
        kind: Plan.Kind,
        target: ReleaseID,
        previous: ReleaseID?,
        outcome: Outcome,
        endedAt: WallTime
    ) {
        self.id = id
        self.kind = kind
        self.target = target
        self.previous = previous
        self.outcome = outcome
        self.endedAt = endedAt
    }
}
