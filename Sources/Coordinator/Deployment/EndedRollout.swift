package import Model

/// A rollout of one service that has ended: what it wanted and what came of it.
package struct EndedRollout: Hashable, Sendable {
    package let kind: Plan.Kind
    package let target: ReleaseID
    package let previous: ReleaseID?
    package let outcome: Outcome

    package init(kind: Plan.Kind, target: ReleaseID, previous: ReleaseID?, outcome: Outcome) {
        self.kind = kind
        self.target = target
        self.previous = previous
        self.outcome = outcome
    }
}
