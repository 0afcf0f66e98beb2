internal import Model
internal import Storage
internal import Trust

/// What a host remembers of its fleet's ledgers.
extension AgentJournal {
    static let ledgers = Migration(
        name: "create_ledgers",
        sql: """
            CREATE TABLE ledgers (
                origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, note BLOB NOT NULL
            ) STRICT;
            CREATE TABLE introduced (
                origin TEXT PRIMARY KEY, key TEXT NOT NULL, approver TEXT NOT NULL, at INTEGER NOT NULL
            ) STRICT;
            CREATE TABLE recoveries (statement BLOB PRIMARY KEY, approver TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
            CREATE TABLE ledger_refusals (
                only INTEGER PRIMARY KEY CHECK (only = 1), origin TEXT NOT NULL, message TEXT NOT NULL
            ) STRICT;
            """
    )

    /// The newest checkpoint of each ledger, as the exact notes.
    func checkpoints() throws -> [[UInt8]] {
        try database.query("SELECT note FROM ledgers ORDER BY origin") { row in try row.blob(0) }
    }

    /// The key of a ledger that an approver has introduced, or nil.
    func introducedKey(of origin: String) throws -> String? {
        try database.first("SELECT key FROM introduced WHERE origin = ?1", .text(origin)) { row in try row.text(0) }
    }

    /// Holds a checkpoint against the newest that was seen of its ledger, and remembers it, in one transaction.
    ///
    /// - Throws: `Failure` when the history that was seen is not the beginning of the new one, or when the proof begins
    ///   elsewhere than where this host stands.
    func advance(to signed: SignedCheckpoint, since: Int64, proof: [Digest]) throws {
        let new = signed.checkpoint
        try database.transaction {
            if let seen = try newest(of: new.origin) {
                guard seen.size == since else {
                    throw Failure(.ledgerMoved, "the proof begins at record \(since), this host has seen \(seen.size)")
                }
                do throws(TrustError) {
                    try AuditProof.verifyConsistency(from: seen, to: new, proof: proof)
                } catch {
                    throw Failure(.ledgerRefused, Self.refusal(new, error), evidence: ["seen here:", "\(seen)"])
                }
                guard new.size > seen.size else { return }
            }
            try remember(signed)
            try database.execute("DELETE FROM ledger_refusals WHERE origin = ?1", .text(new.origin))
        }
    }

    private static func refusal(_ new: Checkpoint, _ error: TrustError) -> String {
        "the history of \(new.origin) was rewritten or cut off: \(error.advice). Only a rollback to the confirmed "
            + "predecessor is allowed; if the ledger was restored from a backup, 'fleet audit recover' makes hosts accept it"
    }

    private func newest(of origin: String) throws -> Checkpoint? {
        try database.first("SELECT size, root FROM ledgers WHERE origin = ?1", .text(origin)) { row in
            try Checkpoint(origin: origin, size: try row.integer(0), root: Digest(bytes: try row.blob(1)))
        }
    }

    private func remember(_ signed: SignedCheckpoint) throws {
        try database.execute(
            "INSERT OR REPLACE INTO ledgers (origin, size, root, note) VALUES (?1, ?2, ?3, ?4)",
            .text(signed.checkpoint.origin),
            .integer(signed.checkpoint.size),
            .blob(signed.checkpoint.root.bytes),
            .blob(signed.note)
        )
    }

    // MARK: An approver's word

    /// Believes a ledger from now on.
    func introduce(_ key: NoteKey, by approver: String, at now: WallTime) throws {
        try database.transaction {
            if let known = try introducedKey(of: key.name), known != "\(key)" {
                let advice = "was introduced with another key before; a ledger keeps its key"
                throw Failure(.ledgerRefused, "\(key.name) \(advice)")
            }
            try database.execute(
                "INSERT OR REPLACE INTO introduced (origin, key, approver, at) VALUES (?1, ?2, ?3, ?4)",
                .text(key.name),
                .text("\(key)"),
                .text(approver),
                .integer(now.milliseconds)
            )
            try database.execute("DELETE FROM ledger_refusals WHERE origin = ?1", .text(key.name))
        }
    }

    /// Lets a ledger go on from an earlier checkpoint, once for each statement.
    ///
    /// - Throws: `Failure` when this host has seen more than what the statement gives up.
    func recover(
        _ statement: Digest,
        to signed: SignedCheckpoint,
        giving lost: Int64,
        by approver: String,
        at now: WallTime
    ) throws {
        let origin = signed.checkpoint.origin
        try database.transaction {
            let sql = "SELECT 1 FROM recoveries WHERE statement = ?1"
            // Taken before: what has been added since is not given up a second time.
            guard try database.first(sql, .blob(statement.bytes), read: { _ in true }) == nil else { return }
            if let seen = try newest(of: origin), seen.size > lost {
                throw Failure(
                    .ledgerRefused,
                    "this host has seen \(seen.size) records of \(origin), more than the \(lost) that the statement gives up: "
                        + "begin 'fleet audit recover' anew, with this host reachable"
                )
            }
            try remember(signed)
            try database.execute(
                "INSERT INTO recoveries (statement, approver, at) VALUES (?1, ?2, ?3)",
                .blob(statement.bytes),
                .text(approver),
                .integer(now.milliseconds)
            )
            try database.execute("DELETE FROM ledger_refusals WHERE origin = ?1", .text(origin))
        }
    }

    // MARK: Refusals

    /// Keeps the last refusal until the ledger is accepted.
    func note(refusal message: String, of origin: String) throws {
        try database.execute(
            "INSERT OR REPLACE INTO ledger_refusals (only, origin, message) VALUES (1, ?1, ?2)",
            .text(origin),
            .text(message)
        )
    }

    func ledgerRefusal() throws -> String? {
        try database.first("SELECT message FROM ledger_refusals") { row in try row.text(0) }
    }
}
