package import Model
package import Rollout

/// The events that a rollout has taken in at one time, and what it became by them.
package struct RolloutTurn: Sendable {
    package struct Entry: Sendable {
        package let event: RolloutEvent
        /// Who caused it.
        package let by: String
        /// The number of the word in the ledger, for one that was left there.
        package let leftWord: Int64?
        /// Why the word was refused.
        package var refusal: String?

        package init(_ event: RolloutEvent, by: String, leftWord: Int64? = nil) {
            self.event = event
            self.by = by
            self.leftWord = leftWord
        }
    }

    package let at: WallTime
    package let engine: String
    package let events: [Entry]
    package let change: RolloutChange
    /// The rollout's phase before the turn and after it, in words.
    package var before: String?
    package var after: String?

    package init(at: WallTime, engine: String, events: [Entry], change: RolloutChange) {
        self.at = at
        self.engine = engine
        self.events = events
        self.change = change
    }
}
