/// What a timer unit starts: a change never ends a run of it.
package struct TimedJob: Hashable, Codable, Sendable {
    /// Its service unit in the artifact.
    package var unit: RelativePath
    /// Time that a run which has begun gets.
    package var within: TimeSpan
    /// Whether a release must prove itself by one run before its timer starts.
    package var isTried: Bool

    package init(unit: RelativePath, within: TimeSpan, isTried: Bool = false) {
        self.unit = unit
        self.within = within
        self.isTried = isTried
    }
}
