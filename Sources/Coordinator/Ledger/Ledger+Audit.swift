package import Model
internal import Storage
package import Trust

extension Ledger {
    /// Records what was done outside of a rollout.
    package func record(_ record: LedgerRecord) throws { try self.record([record]) }

    /// Records several things with one fsync.
    package func record(_ records: [LedgerRecord]) throws {
        try database.transaction { try LedgerTree(database: database).append(records) }
    }

    /// Where the tree over all records stands.
    package func tree() throws -> AuditTree { try LedgerTree(database: database).read() }

    /// Where the ledger stands, signed, and the proof that it continues its first `size` records.
    ///
    /// The proof is empty where none can be given: the ledger is shorter than that.
    package func history(
        since size: Int64,
        _ origin: LedgerOrigin,
        signedWith key: SigningKey
    ) throws -> (checkpoint: SignedCheckpoint, proof: [Digest]) {
        try database.transaction {
            let stored = LedgerTree(database: database)
            let tree = try stored.read()
            let checkpoint = try SignedCheckpoint(origin, tree, signedWith: key)
            guard 0...tree.size ~= size else { return (checkpoint, []) }
            return (checkpoint, try AuditProof.consistency(from: size, to: tree.size, node: stored.node))
        }
    }

    /// Whether the history that a checkpoint signs is a beginning of this ledger's.
    package func continues(_ checkpoint: Checkpoint) throws -> Bool {
        let stored = LedgerTree(database: database)
        guard try checkpoint.size <= stored.size() else { return false }
        return try stored.read(size: checkpoint.size).root == checkpoint.root
    }

    /// The header of an export of all records between two times, with what proves that none is missing.
    ///
    /// Records lie in the order in which they were written. Where the clock was set back meanwhile, those in between are
    /// exported too.
    package func exportHeader(
        from start: WallTime?,
        to end: WallTime?,
        _ origin: LedgerOrigin,
        signedWith key: SigningKey
    ) throws -> AuditExportHeader {
        try database.transaction {
            let stored = LedgerTree(database: database)
            let tree = try stored.read()
            let span = try records(from: start, to: end)
            let beginning = try stored.read(size: span.lowerBound)
            return AuditExportHeader(
                ledger: try NoteKey(name: origin.description, key: key.publicKey),
                after: span.lowerBound,
                count: Int64(span.count),
                before: beginning.peaks,
                checkpoint: try SignedCheckpoint(origin, tree, signedWith: key),
                proof: try AuditProof.consistency(from: span.upperBound, to: tree.size, node: stored.node)
            )
        }
    }

    /// How many records lie before the first of the time, and up to its last.
    private func records(from start: WallTime?, to end: WallTime?) throws -> Range<Int64> {
        let (from, to) = (start?.milliseconds ?? .min, end?.milliseconds ?? .max)
        let found = try database.first(
            "SELECT min(sequence), max(sequence) FROM records WHERE at >= ?1 AND at < ?2",
            .integer(from),
            .integer(to)
        ) { row in (try row.optionalInteger(0), try row.optionalInteger(1)) }
        guard case (let first?, let last?)? = found else {
            let before = try database.first("SELECT max(sequence) FROM records WHERE at < ?1", .integer(from)) { row in
                try row.optionalInteger(0)
            }
            let size = before.flatMap(\.self) ?? 0
            return size..<size
        }
        return first - 1..<last
    }

    /// Exact bytes of the records after the first `count`, at most `limit` of them.
    package func recordBytes(after count: Int64, limit: Int64) throws -> [[UInt8]] {
        try database.query(
            "SELECT record FROM records WHERE sequence > ?1 ORDER BY sequence LIMIT ?2",
            .integer(count),
            .integer(limit)
        ) { row in try row.blob(0) }
    }
}
