package import Rollout

/// How a simulated rollout went.
package struct SimulationReport: Sendable {
    package let seed: UInt64
    /// Nil: it had not ended when the time was over.
    package let summary: RolloutSummary?
    /// Broken invariants, with their number and the moment.
    package let violations: [String]
    /// What happened, line by line; empty unless asked for.
    package let trace: [String]
    package let events: Int
    /// Events that the first coordinator was told.
    package let heard: Int
    /// By host: what its service went through for the release.
    package let steps: [HostSteps]
}
