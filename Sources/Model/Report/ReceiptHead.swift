/// How far a host's receipts go.
package struct ReceiptHead: Hashable, Codable, Sendable {
    /// Of the newest; 0 when there is none yet.
    package var sequence: Int64
    /// SHA-256 of the newest; nil when there is none yet.
    package var digest: Digest?

    package init(sequence: Int64, digest: Digest?) {
        self.sequence = sequence
        self.digest = digest
    }

    /// Before the first receipt.
    package static let none = Self(sequence: 0, digest: nil)
}
