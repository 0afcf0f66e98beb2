internal import Model
internal import Storage

/// How much of its allowance each host has used.
extension Ledger {
    static let receiptUse = Migration(
        name: "add_receipt_use",
        sql: """
            CREATE TABLE receipt_use (
                host TEXT PRIMARY KEY, since INTEGER NOT NULL, receipts INTEGER NOT NULL, refusals INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX receipts_by_sequence ON receipts (host, sequence, record);
            """
    )

    /// What one host has had recorded since a time.
    struct ReceiptUse {
        var since: WallTime
        var receipts = 0
        var refusals = 0
    }

    /// What a host has used of what it has now; a clock that was set back begins a new span.
    func use(by host: HostID, at now: WallTime, _ allowance: ReceiptAllowance) throws -> ReceiptUse {
        let sql = "SELECT since, receipts, refusals FROM receipt_use WHERE host = ?1"
        let found = try database.first(sql, .text(host.text)) { row in
            ReceiptUse(
                since: WallTime(milliseconds: try row.integer(0)),
                receipts: Int(try row.integer(1)),
                refusals: Int(try row.integer(2))
            )
        }
        guard let found, found.since <= now, now - found.since < allowance.span else { return ReceiptUse(since: now) }
        return found
    }

    func store(_ use: ReceiptUse, of host: HostID) throws {
        try database.execute(
            "INSERT OR REPLACE INTO receipt_use (host, since, receipts, refusals) VALUES (?1, ?2, ?3, ?4)",
            .text(host.text),
            .integer(use.since.milliseconds),
            .integer(Int64(use.receipts)),
            .integer(Int64(use.refusals))
        )
    }
}
