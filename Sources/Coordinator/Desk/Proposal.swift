package import Model
package import Rollout

/// What would be done about a change, shown to a person before anything is.
package struct Proposal: Codable, Sendable {
    package var plan: Plan
    /// A rollout to the same release that has not ended.
    package var underWay: UnderWay?
    /// Lines that the operator should read beside the plan.
    package var reminders: [String]
    /// Why the plan can't be carried out now; it would be refused.
    package var closure: Closure?
    /// How long it takes when nothing goes wrong; nil where nobody knows.
    package var forecast: Forecast?
    /// What the release's own file says; nil where that is not at hand.
    package var spec: ServiceSpec?

    package struct UnderWay: Codable, Sendable {
        package var rollout: StoredRollout
        /// Whether it does all that is asked for; else it is ended first, and the plan takes its place.
        package var isServed: Bool
    }
}
