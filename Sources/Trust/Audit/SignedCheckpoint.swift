import Model

/// The state of a ledger with the signature of its key (C2SP tlog-checkpoint), as exact bytes.
package struct SignedCheckpoint: Hashable, Sendable {
    package let checkpoint: Checkpoint
    /// As it was signed; what travels and is stored.
    package let note: [UInt8]

    /// Signs where `tree` stands.
    package init(_ origin: LedgerOrigin, _ tree: AuditTree, signedWith key: SigningKey) throws(TrustError) {
        checkpoint = try Checkpoint(origin: origin.description, size: tree.size, root: tree.root)
        let name = try NoteKey(name: origin.description, key: key.publicKey)
        note = try SignedNote.sign(checkpoint.description, as: name, with: key)
    }

    /// Takes a checkpoint that `key` has signed.
    ///
    /// - Throws: `TrustError` for a signature of another key, and for a checkpoint of another origin than the key's.
    package init(_ note: [UInt8], by key: NoteKey) throws(TrustError) {
        let signed = try SignedNote(parsing: note)
        try signed.verify(by: key)
        checkpoint = try Checkpoint(parsing: signed.text)
        guard checkpoint.origin == key.name else {
            let advice = "is of '\(checkpoint.origin)', but signed with the key of '\(key.name)'"
            throw TrustError(.checkpointInvalid, "checkpoint", advice)
        }
        self.note = note
    }

    /// Whose checkpoint it is said to be; believed by nobody before its signature was checked.
    package static func claimedOrigin(of note: [UInt8]) throws(TrustError) -> LedgerOrigin {
        try LedgerOrigin(parsing: try Checkpoint(parsing: try SignedNote(parsing: note).text).origin)
    }
}
