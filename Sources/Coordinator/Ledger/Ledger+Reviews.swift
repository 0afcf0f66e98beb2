package import Model
internal import Storage
internal import Trust

/// Emergencies, and whether somebody else has looked at them since.
extension Ledger {
    static let reviews = Migration(
        name: "add_reviews",
        sql: """
            CREATE TABLE broken_glass (
                key BLOB PRIMARY KEY, record INTEGER NOT NULL, broken BLOB NOT NULL, review INTEGER
            ) STRICT;
            """
    )

    /// Asks for a review of an emergency, once, as part of the transaction that is open.
    func ask(reviewOf broken: BrokenGlass) throws {
        try database.execute(
            "INSERT OR IGNORE INTO broken_glass (key, record, broken) VALUES (?1, ?2, ?3)",
            .blob(broken.key.bytes),
            .integer(broken.record),
            .blob(try CanonicalJSON.encode(broken))
        )
    }

    /// What nobody has reviewed yet, oldest first.
    package func openReviews() throws -> [BrokenGlass] { try brokenGlass(where: "review IS NULL ORDER BY record") }

    /// The emergency of which this record tells, and that nobody has reviewed yet.
    ///
    /// - Throws: `CoordinatorError` when there is none.
    package func openReview(_ record: Int64) throws -> BrokenGlass {
        if let found = try brokenGlass(where: "review IS NULL AND record = ?1", .integer(record)).first { return found }
        let open = try openReviews().map { "\($0.record)" }.joined(separator: ", ")
        throw CoordinatorError(
            .recordUnknown,
            "record \(record) asks for no review; "
                + (open.isEmpty ? "none does" : "these do: \(open)")
        )
    }

    private func brokenGlass(where condition: String, _ values: Value...) throws -> [BrokenGlass] {
        try database.query("SELECT broken FROM broken_glass WHERE \(condition)", values) { row in
            try CanonicalJSON.decode(BrokenGlass.self, from: try row.blob(0))
        }
    }

    /// The leaf of a record in the tree: which record exactly a review is about.
    package func leaf(of record: Int64) throws -> Digest {
        let bytes = try database.first("SELECT leaf FROM records WHERE sequence = ?1", .integer(record)) {
            try $0.blob(0)
        }
        guard let bytes else { throw CoordinatorError(.recordUnknown, "the ledger has no record \(record)") }
        return Digest(bytes: bytes)
    }

    /// Records a review whose signature was checked.
    package func record(reviewOf broken: BrokenGlass, _ word: LedgerWord, by author: Author, at now: WallTime) throws {
        let statement = try CanonicalJSON.decode(ReviewStatement.self, from: word.statement)
        try database.transaction {
            var record = LedgerRecord(.glassReviewed, by: author, at: now)
            record.service = broken.service
            record.environment = broken.environment
            record.hosts = broken.host.map { [$0] }
            record.why = statement.why
            record.before = "\(broken.record)"
            record.statement = String(decoding: word.statement, as: UTF8.self)
            record.signature = String(decoding: word.signature, as: UTF8.self)
            let tree = LedgerTree(database: database)
            try tree.append([record])
            try database.execute(
                "UPDATE broken_glass SET review = ?2 WHERE key = ?1 AND review IS NULL",
                .blob(broken.key.bytes),
                .integer(try tree.size())
            )
        }
    }
}
