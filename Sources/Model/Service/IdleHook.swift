/// A command of the release that says whether the service may be stopped: exit code 0 when it is idle, 1 when it is busy.
package struct IdleHook: Hashable, Codable, Sendable {
    /// Relative to the release's tree.
    package var command: [String]
    /// Time that a busy service gets.
    package var within: TimeSpan

    package init(command: [String], within: TimeSpan) {
        self.command = command
        self.within = within
    }
}
