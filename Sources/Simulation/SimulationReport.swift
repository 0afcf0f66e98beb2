package import Model
package import Rollout

/// How a simulated rollout went.
package struct SimulationReport: Sendable {
    package let seed: UInt64
    /// Nil: it had not ended when the time was over.
    package let summary: RolloutSummary?
    /// Why it paused last, as far as it was told to anybody.
    package let pause: Pause?
    /// Virtual time from its start until the simulation was over.
    package let took: TimeSpan
    /// Least weight in service that the first coordinator has seen.
    package let lowest: Int?
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
