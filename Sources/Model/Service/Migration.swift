/// A command of the release that brings data which all hosts share to its form, once in a rollout; running it again is harmless.
package struct Migration: Hashable, Codable, Sendable {
    /// Relative to the release's tree.
    package var command: [String]
    /// Whether the release before works with the data afterwards.
    package var isReversible: Bool
    /// Bound of its run time.
    package var timeout: TimeSpan

    package init(command: [String], isReversible: Bool, timeout: TimeSpan = .minutes(10)) {
        self.command = command
        self.isReversible = isReversible
        self.timeout = timeout
    }
}
