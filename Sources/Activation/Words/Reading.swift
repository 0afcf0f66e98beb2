package import Model

/// What came of reading and checking the signed bytes of a command.
package enum Reading: Hashable, Codable, Sendable {
    /// The command carries no signed bytes.
    case nothing
    case order(ReadOrder)
    /// The bytes are no order or no release.
    case unreadable(Failure)
    /// Of a claim: its ledger continues the history that this host has seen.
    case continued
    /// Of a claim: its ledger does not, or nothing proves that it does. `purpose` is what the claim is for.
    case broken(Failure, purpose: Purpose)
}
