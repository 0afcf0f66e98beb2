/// Why a rollout stands still and what makes it go on.
package struct Pause: Hashable, Codable, Sendable {
    package var cause: Cause
    /// What stands in the way, with the numbers.
    package var message: String
    /// The next command to type.
    package var advice: String

    package init(_ cause: Cause, _ message: String, advice: String) {
        self.cause = cause
        self.message = message
        self.advice = advice
    }

    package enum Cause: String, Codable, Sendable, CaseIterable {
        case operatorSaid
        /// More hosts than the budget allows could not be reached before anything was changed.
        case unreachable
        /// A stage of canaries is over, and no host of it runs the release.
        case noCanary
        /// No host became healthy for the progress deadline.
        case noProgress
        /// More hosts failed than the budget allows, and the policy is to pause.
        case failures
        /// Nobody knows how far the migration has come.
        case migration
        /// A gate failed or stayed inconclusive, and the policy is to pause.
        case gate
    }
}
