/// Bakes that become shorter as more hosts have proved the release: half of the one before, from stage to stage.
package struct FallingBake: Hashable, Codable, Sendable {
    package var first: TimeSpan
    package var least: TimeSpan

    package init(first: TimeSpan, least: TimeSpan) {
        self.first = first
        self.least = least
    }

    /// Of the stage with so many before it.
    package func span(after stages: Int) -> TimeSpan {
        // Beyond this any span is less than a millisecond.
        let halved = first.milliseconds >> Int64(min(stages, 62))
        return max(least, TimeSpan(milliseconds: halved))
    }
}
