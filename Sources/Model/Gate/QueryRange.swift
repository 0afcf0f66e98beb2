/// Over which time a query is looked at, up to the moment in which it is asked.
package struct QueryRange: Hashable, Codable, Sendable, CustomStringConvertible {
    package var over: TimeSpan
    /// From one sample to the next.
    package var step: TimeSpan
    /// Samples that each series must have; fewer are a gap.
    package var minSamples: Int

    package static let leastStep = TimeSpan.seconds(1)
    /// What Prometheus answers at most (`exceeded maximum resolution of 11,000 points per timeseries`).
    package static let mostSamples = 11_000
    /// Steps in the range where none is said.
    private static let steps: Int64 = 60

    /// By default there are 60 steps, and one sample may be missing: both ends of the range have one.
    package init(over: TimeSpan, step: TimeSpan? = nil, minSamples: Int? = nil) {
        self.over = over
        self.step = step ?? max(Self.leastStep, TimeSpan(milliseconds: over.milliseconds / Self.steps))
        self.minSamples = minSamples ?? max(1, Int(over.milliseconds / self.step.milliseconds))
    }

    /// Samples that a series without a gap has.
    package var samples: Int { Int(over.milliseconds / step.milliseconds) + 1 }

    package var description: String { "over \(over), every \(step)" }
}
