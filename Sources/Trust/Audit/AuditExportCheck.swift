import Model

/// Checks an export line by line, in the memory of one line, with nothing but the ledger's public key.
package struct AuditExportCheck: Sendable {
    package let header: AuditExportHeader
    /// Where the ledger stood when it was exported.
    package let checkpoint: Checkpoint
    private var tree: AuditTree
    private var taken: Int64 = 0

    /// Reads the first line.
    ///
    /// - Throws: `TrustError` when it is no export's, or not signed with `key`.
    package init(header line: [UInt8], key: NoteKey) throws(TrustError) {
        header = try CanonicalJSON.decode(AuditExportHeader.self, from: line)
        guard header.format == AuditExportHeader.formatName else {
            throw Self.refusal("is of format '\(header.format)', expected '\(AuditExportHeader.formatName)'")
        }
        checkpoint = try SignedCheckpoint(Array(header.checkpoint.utf8), by: key).checkpoint
        tree = try AuditTree(size: header.after, peaks: header.before)
        let (end, overflow) = header.after.addingReportingOverflow(header.count)
        guard header.count >= 0, !overflow, end <= checkpoint.size else {
            throw Self.refusal("speaks of more records than the \(checkpoint.size) that its checkpoint signs")
        }
    }

    /// Takes the next record's exact bytes in.
    package mutating func take(_ record: [UInt8]) throws(TrustError) {
        guard taken < header.count else {
            throw Self.refusal("goes on after its \(header.count) records: lines were added")
        }
        tree.append(leaf: AuditTree.leaf(record))
        taken += 1
    }

    /// The verdict on all that was taken.
    ///
    /// - Throws: `TrustError` when records are missing, were changed, or stand in another order.
    package func finish() throws(TrustError) {
        guard taken == header.count else {
            throw Self.refusal("ends after \(taken) of \(header.count) records: lines were taken away")
        }
        do throws(TrustError) {
            let end = try Checkpoint(origin: checkpoint.origin, size: tree.size, root: tree.root)
            try AuditProof.verifyConsistency(from: end, to: checkpoint, proof: header.proof)
        } catch {
            throw Self.refusal(
                "does not agree with the checkpoint that its ledger has signed: records were changed, or their order"
            )
        }
    }

    private static func refusal(_ advice: String) -> TrustError {
        TrustError(.auditProofInvalid, "audit export", advice)
    }
}
