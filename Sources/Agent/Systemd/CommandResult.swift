/// How a transient command ended.
package struct CommandResult: Hashable, Sendable {
    /// systemd's Result: `success`, `exit-code`, `signal`, `timeout` and others.
    package let result: String
    /// Exit code, or the signal's number when a signal ended it.
    package let exitStatus: Int
    /// For its lines in the journal.
    package let invocation: String

    package var hasSucceeded: Bool { result == "success" }
}
