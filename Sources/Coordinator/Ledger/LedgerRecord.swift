package import Model
package import Rollout

/// One event of one rollout, as the audit trail keeps it for ever.
package struct LedgerRecord: Hashable, Codable, Sendable {
    package let at: WallTime
    /// Who caused it: an operator, or the host that reported.
    package let by: String
    package let rollout: RolloutID
    /// Version of the engine that decided.
    package let engine: String
    package let event: RolloutEvent
    /// SHA-256 of what its turn has changed in the rollout's state, as it was stored.
    package let state: Digest

    package init(at: WallTime, by: String, rollout: RolloutID, engine: String, event: RolloutEvent, state: Digest) {
        self.at = at
        self.by = by
        self.rollout = rollout
        self.engine = engine
        self.event = event
        self.state = state
    }
}
