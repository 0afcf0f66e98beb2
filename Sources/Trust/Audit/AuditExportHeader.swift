package import Model

/// The first line of an export of a ledger: what proves that the records after it are all that there were.
///
/// An export is a text of lines, each ended. Every further line is one record's exact bytes: canonical JSON, which has no
/// line break.
package struct AuditExportHeader: Hashable, Codable, Sendable {
    /// Tells the format to readers; changes when a reader of today could not read it.
    package var format = Self.formatName
    /// The ledger's key, for the eye: a check goes by the key that the reader brings.
    package var ledger: String
    /// Records of the ledger before the first that is exported.
    package var after: Int64
    /// Records that are exported.
    package var count: Int64
    /// The tree over the records before: roots of its full subtrees, the largest first.
    package var before: [Digest]
    /// The signed checkpoint that the ledger stood at: the exact note.
    package var checkpoint: String
    /// Proves that the tree up to the last exported record is a beginning of the checkpoint's.
    package var proof: [Digest]

    package static let formatName = "fleet-audit/1"

    package init(
        ledger: NoteKey,
        after: Int64,
        count: Int64,
        before: [Digest],
        checkpoint: SignedCheckpoint,
        proof: [Digest]
    ) {
        self.ledger = "\(ledger)"
        self.after = after
        self.count = count
        self.before = before
        self.checkpoint = String(decoding: checkpoint.note, as: UTF8.self)
        self.proof = proof
    }
}
