package import Model

/// What came of reading the signed bytes of a command.
package enum Reading: Hashable, Codable, Sendable {
    /// The command carries no signed bytes.
    case nothing
    case order(ReadOrder)
    /// The bytes are no order or no release.
    case unreadable(Failure)
}
