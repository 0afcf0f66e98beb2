/// The answer of one check.
package struct CheckResult: Hashable, Codable, Sendable {
    package let label: String
    /// Nil when the check passed; otherwise what was found and what was expected.
    package let failure: String?
    package let took: TimeSpan
    package let at: WallTime

    package init(label: String, failure: String?, took: TimeSpan, at: WallTime) {
        self.label = label
        self.failure = failure
        self.took = took
        self.at = at
    }

    package var hasPassed: Bool { failure == nil }
}
