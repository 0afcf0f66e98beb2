/// A numbered sequence of records in one table, where writers can only add and only to what they have read.
///
/// An append names the sequence number that its writer last read. If another writer was faster, the append fails
/// instead of mixing two histories; the loser reads on and decides again.
package struct AppendLog: Hashable, Sendable {
    package enum Retention: Sendable {
        /// The table refuses DELETE as well as UPDATE.
        case forever
        /// Old records may be pruned; UPDATE is refused.
        case prunable
    }

    /// A name of this program's own, never user input.
    package let table: String
    /// Which of the table's sequences: one table may hold many, for example one per service.
    package let stream: String

    package init(table: String, stream: String = "") {
        precondition(Self.isIdentifier(table), "a table's name has lower-case letters and '_' only")
        self.table = table
        self.stream = stream
    }

    /// The migration that makes `table`.
    package static func migration(creating table: String, retention: Retention) -> Migration {
        precondition(isIdentifier(table), "a table's name has lower-case letters and '_' only")
        var sql = """
            CREATE TABLE \(table) (
                stream TEXT NOT NULL, sequence INTEGER NOT NULL, record BLOB NOT NULL,
                PRIMARY KEY (stream, sequence)
            ) STRICT;
            CREATE TRIGGER \(table)_is_append_only BEFORE UPDATE ON \(table)
            BEGIN SELECT RAISE(ABORT, '\(table) is append-only'); END;
            """
        switch retention {
        case .prunable: break
        case .forever:
            sql += """
                CREATE TRIGGER \(table)_is_kept BEFORE DELETE ON \(table)
                BEGIN SELECT RAISE(ABORT, '\(table) is kept for ever'); END;
                """
        }
        return Migration(name: "create_\(table)", sql: sql)
    }

    /// Sequence of the newest record; 0 when there is none.
    package func last(in database: Database) throws -> Int64 {
        let sql = "SELECT max(sequence) FROM \(table) WHERE stream = ?1"
        return try database.first(sql, .text(stream)) { row in try row.optionalInteger(0) }.flatMap { $0 } ?? 0
    }

    /// Adds `records`, all or none, with one fsync; inside a transaction they become part of it.
    ///
    /// - Returns: sequence of the newest record, to be named in the next append.
    /// - Throws: `storage.sequence_conflict` if the newest record is not `last`.
    @discardableResult
    package func append(_ records: [[UInt8]], after last: Int64, to database: Database) throws -> Int64 {
        try database.inTransaction {
            let newest = try self.last(in: database)
            guard newest == last else { throw conflict(expected: last, found: newest, path: database.path) }
            let sql = "INSERT INTO \(table) (stream, sequence, record) VALUES (?1, ?2, ?3)"
            for (index, record) in records.enumerated() {
                try database.execute(sql, .text(stream), .integer(last + Int64(index) + 1), .blob(record))
            }
            return last + Int64(records.count)
        }
    }

    /// The records after `sequence`, oldest first.
    package func entries(
        in database: Database,
        after sequence: Int64 = 0,
        limit: Int = .max
    ) throws -> [AppendLogEntry] {
        let sql = "SELECT sequence, record FROM \(table) WHERE stream = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3"
        return try database.query(sql, .text(stream), .integer(sequence), .integer(Int64(limit))) { row in
            try AppendLogEntry(sequence: row.integer(0), record: row.blob(1))
        }
    }

    /// Deletes the records up to `sequence`, never the newest: its number must not be given twice.
    package func prune(through sequence: Int64, in database: Database) throws {
        try database.inTransaction {
            let end = min(sequence, try last(in: database) - 1)
            let sql = "DELETE FROM \(table) WHERE stream = ?1 AND sequence <= ?2"
            try database.execute(sql, .text(stream), .integer(end))
        }
    }

    private func conflict(expected: Int64, found: Int64, path: String) -> StorageError {
        let name = stream.isEmpty ? table : "\(table) of \(stream)"
        let advice = "\(name) stands at \(found), not at \(expected): somebody else wrote to it; read it again"
        return StorageError(.sequenceConflict, path: path, advice: advice)
    }

    private static func isIdentifier(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { 0x61...0x7A ~= $0 || $0 == 0x5F }
    }
}
