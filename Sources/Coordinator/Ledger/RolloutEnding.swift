package import Rollout

/// How a rollout has come to rest.
package struct RolloutEnding: Sendable {
    package let summary: RolloutSummary
    /// False while it stands paused and can go on.
    package let isFinal: Bool
    /// The release that the environment runs from now on.
    package let confirmed: ConfirmedRelease?

    package init(summary: RolloutSummary, isFinal: Bool, confirmed: ConfirmedRelease?) {
        self.summary = summary
        self.isFinal = isFinal
        self.confirmed = confirmed
    }
}
