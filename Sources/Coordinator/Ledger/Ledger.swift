internal import Glibc
package import Model
internal import Storage

/// What a coordinator knows and has done: rollouts, their events, and what is confirmed where.
///
/// Every event is stored, with the state that it led to, before anything is done about it; the records are append-only
/// and are the audit trail. All of it runs on the ledger's own thread.
package actor Ledger {
    let database: Database
    private let thread: DedicatedThread
    /// The origin of everything in this ledger.
    package nonisolated let id: LedgerID
    /// What the records of the rollout that is stored name, by its number.
    var subjects: [Int: Subject] = [:]

    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Opens the ledger, making it first if it is missing; `author` begins it then, at `time`.
    package init(
        path: String,
        begunBy author: Author = Author(name: "fleet", place: "unknown"),
        at time: WallTime = CoordinatorClock().wall
    ) throws {
        let database = try Database(path: path, schema: Self.schema)
        id = try Self.identity(in: database, author, time)
        self.database = database
        thread = DedicatedThread(name: "ledger")
    }

    deinit { thread.stop() }

    /// "FLLE": a Fleet ledger.
    static let schema = Schema(
        applicationID: 0x464C_4C45,
        migrations: [
            Migration(
                name: "create_ledger",
                sql: """
                    CREATE TABLE identity (ledger TEXT NOT NULL) STRICT;
                    CREATE TABLE records (
                        sequence INTEGER PRIMARY KEY, rollout INTEGER NOT NULL, leaf BLOB NOT NULL, record BLOB NOT NULL
                    ) STRICT;
                    CREATE INDEX records_by_rollout ON records (rollout, sequence);
                    CREATE TRIGGER records_are_append_only BEFORE UPDATE ON records
                    BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
                    CREATE TRIGGER records_are_kept BEFORE DELETE ON records
                    BEGIN SELECT RAISE(ABORT, 'records are kept for ever'); END;
                    CREATE TABLE rollouts (
                        number INTEGER PRIMARY KEY, service TEXT NOT NULL, environment TEXT NOT NULL,
                        plan BLOB NOT NULL, head BLOB NOT NULL, summary BLOB, started_by TEXT NOT NULL,
                        started_at INTEGER NOT NULL, ended_at INTEGER
                    ) STRICT;
                    CREATE TABLE hosts (
                        rollout INTEGER NOT NULL, host INTEGER NOT NULL, state BLOB NOT NULL,
                        PRIMARY KEY (rollout, host)
                    ) STRICT, WITHOUT ROWID;
                    CREATE INDEX rollouts_by_service ON rollouts (service, environment, number);
                    CREATE TABLE words (
                        id INTEGER PRIMARY KEY, rollout INTEGER NOT NULL, word BLOB NOT NULL, said_by TEXT NOT NULL,
                        answer TEXT
                    ) STRICT;
                    CREATE INDEX words_unanswered ON words (rollout, id) WHERE answer IS NULL;
                    CREATE TABLE confirmed (
                        id INTEGER PRIMARY KEY, service TEXT NOT NULL, environment TEXT NOT NULL,
                        rollout INTEGER NOT NULL, at INTEGER NOT NULL, release BLOB NOT NULL
                    ) STRICT;
                    CREATE TABLE artifacts (
                        service TEXT NOT NULL, version TEXT NOT NULL, artifact BLOB NOT NULL, provenance BLOB NOT NULL,
                        PRIMARY KEY (service, version)
                    ) STRICT;
                    """
            ),
            LedgerTree.migration,
            Migration(
                name: "add_orders",
                sql: """
                    CREATE TABLE orders (
                        rollout INTEGER NOT NULL, digest BLOB NOT NULL, bytes BLOB NOT NULL, at INTEGER NOT NULL,
                        PRIMARY KEY (rollout, digest)
                    ) STRICT;
                    CREATE TABLE approvals (
                        id INTEGER PRIMARY KEY, rollout INTEGER NOT NULL, digest BLOB NOT NULL, person TEXT NOT NULL,
                        kind TEXT NOT NULL, signature BLOB NOT NULL
                    ) STRICT;
                    CREATE INDEX approvals_by_order ON approvals (rollout, digest);
                    """
            ),
            receipts,
            reviews,
            Migration(
                name: "add_join_tokens",
                sql: """
                    CREATE TABLE join_tokens (
                        id TEXT PRIMARY KEY, host TEXT NOT NULL, made_at INTEGER NOT NULL, token BLOB NOT NULL
                    ) STRICT;
                    """
            ),
            receiptUse,
            quarantine,
        ]
    )

    private static func identity(in database: Database, _ author: Author, _ time: WallTime) throws -> LedgerID {
        try database.transaction {
            let tree = LedgerTree(database: database)
            if let text = try database.first("SELECT ledger FROM identity", read: { row in try row.text(0) }) {
                return try LedgerID(parsing: text)
            }
            var generator = SystemRandomNumberGenerator()
            let new = try LedgerID(parsing: randomUUID(using: &generator))
            try database.execute("INSERT INTO identity (ledger) VALUES (?1)", .text(new.text))
            var record = LedgerRecord(.ledgerBegun, by: author, at: time)
            record.after = new.text
            try tree.append([record])
            return new
        }
    }

    /// A random UUID, version 4 (RFC 9562, section 5.4).
    private static func randomUUID(using generator: inout SystemRandomNumberGenerator) -> String {
        var bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let hex = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        return [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { hex[$0].joined() }.joined(separator: "-")
    }
}
