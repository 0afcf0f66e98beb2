package import Rollout

/// A word that another process has left in the ledger for whoever runs the rollout.
package struct LeftWord: Sendable {
    package let id: Int64
    package let word: OperatorWord
    /// Who said it.
    package let by: String

    /// What became of it.
    package enum Answer: Hashable, Sendable {
        /// Nobody has taken it yet.
        case none
        case taken
        case refused(String)
    }
}
