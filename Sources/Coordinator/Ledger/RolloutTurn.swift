package import Model
package import Rollout

/// The events that a rollout has taken in at one time, and what it became by them.
package struct RolloutTurn: Sendable {
    package struct Entry: Sendable {
        package let event: RolloutEvent
        /// Who caused it.
        package let by: String

        package init(_ event: RolloutEvent, by: String) {
            self.event = event
            self.by = by
        }
    }

    package let at: WallTime
    package let engine: String
    package let events: [Entry]
    package let state: RolloutState

    package init(at: WallTime, engine: String, events: [Entry], state: RolloutState) {
        self.at = at
        self.engine = engine
        self.events = events
        self.state = state
    }
}
