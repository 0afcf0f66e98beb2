import ArgumentParser

extension ExitCode {
    /// The host was left, or brought back, as it was before.
    static let rolledBack = ExitCode(4)
    /// Refused before anything changed.
    static let refused = ExitCode(3)
    /// It did not work, or something is not as it should be.
    static let failed = ExitCode(2)
}
