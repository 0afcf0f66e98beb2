package import Model
internal import Storage
internal import Trust

/// What hosts have signed of what they did; each receipt is a record, once.
extension Ledger {
    static let receipts = Migration(
        name: "add_receipts",
        sql: """
            CREATE TABLE receipts (
                host TEXT NOT NULL, digest BLOB NOT NULL, sequence INTEGER NOT NULL, record INTEGER NOT NULL,
                PRIMARY KEY (host, digest)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX receipts_by_record ON receipts (host, record);
            CREATE TABLE receipt_refusals (host TEXT PRIMARY KEY, why TEXT NOT NULL) STRICT;
            """
    )

    /// The receipt of a host that was recorded last.
    package func receiptHead(of host: HostID) throws -> ReceiptHead {
        let sql = "SELECT sequence, digest FROM receipts WHERE host = ?1 ORDER BY record DESC LIMIT 1"
        let found = try database.first(sql, .text(host.text)) { row in
            ReceiptHead(sequence: try row.integer(0), digest: Digest(bytes: try row.blob(1)))
        }
        return found ?? .none
    }

    /// Whether a host that shows this as its newest receipt has none that we lack.
    package func knows(_ head: ReceiptHead, of host: HostID) throws -> Bool {
        guard let digest = head.digest else { return true }
        return try recorded(digest, of: host) == head.sequence
    }

    /// The receipt of a host with this number; of several chains, that of the latest.
    package func receipt(_ sequence: Int64, of host: HostID) throws -> ReceiptHead? {
        let sql = "SELECT digest FROM receipts WHERE host = ?1 AND sequence = ?2 ORDER BY record DESC LIMIT 1"
        return try database.first(sql, .text(host.text), .integer(sequence)) { row in
            ReceiptHead(sequence: sequence, digest: Digest(bytes: try row.blob(0)))
        }
    }

    /// Records receipts that the host has signed, each once, in one transaction.
    ///
    /// A chain that begins anew, or goes on from an earlier receipt, is taken: the host's journal was lost or put back, and an
    /// auditor shall see that. One that follows a receipt nobody has seen is not.
    ///
    /// - Throws: `TrustError` that names the receipts that are missing; nothing is recorded then. And once the host has used
    ///   its allowance, when what there was room for is recorded.
    package func take(
        _ receipts: [VerifiedReceipt],
        of host: HostID,
        at now: WallTime,
        within allowance: ReceiptAllowance = ReceiptAllowance()
    ) throws {
        let isUsedUp = try database.transaction {
            let tree = LedgerTree(database: database)
            var use = try use(by: host, at: now, allowance)
            for found in receipts {
                guard try recorded(found.digest, of: host) == nil else { continue }
                try check(found.receipt, of: host)
                guard use.receipts < allowance.receipts else {
                    try store(use, of: host)
                    return true
                }
                use.receipts += 1
                let record = try record(of: found, at: now)
                try tree.append([record])
                let place = try tree.size()
                try database.execute(
                    "INSERT INTO receipts (host, digest, sequence, record) VALUES (?1, ?2, ?3, ?4)",
                    .text(host.text),
                    .blob(found.digest.bytes),
                    .integer(found.receipt.sequence),
                    .integer(place)
                )
                if let broken = BrokenGlass(found, record: place) { try ask(reviewOf: broken) }
            }
            try store(use, of: host)
            try database.execute("DELETE FROM receipt_refusals WHERE host = ?1", .text(host.text))
            return false
        }
        guard !isUsedUp else { throw Self.tooMany(host, allowance) }
    }

    private static func tooMany(_ host: HostID, _ allowance: ReceiptAllowance) -> TrustError {
        let advice =
            "come faster than \(allowance.receipts) in \(allowance.span), which is more than anybody deploys: the rest is taken "
            + "later; look at what the host does, and at who has its key"
        return TrustError(.receiptInvalid, "the receipts of \(host)", advice)
    }

    /// Records that a host's receipts were not believed, and answers whether it did.
    ///
    /// The same reason is recorded once, however often the host is asked, and no more reasons than its allowance.
    package func refuse(
        receiptsOf host: HostID,
        because why: String,
        at now: WallTime,
        within allowance: ReceiptAllowance = ReceiptAllowance()
    ) throws -> Bool {
        try database.transaction {
            let sql = "SELECT why FROM receipt_refusals WHERE host = ?1"
            guard try database.first(sql, .text(host.text), read: { try $0.text(0) }) != why else { return false }
            var use = try use(by: host, at: now, allowance)
            guard use.refusals < allowance.refusals else { return false }
            use.refusals += 1
            try store(use, of: host)
            var record = LedgerRecord(.receiptRefused, by: Author(name: host.text, place: host.text), at: now)
            record.hosts = [host]
            let isLast = use.refusals == allowance.refusals
            record.why = isLast ? "\(why); what else is refused within \(allowance.span) is not recorded" : why
            record.outcome = "refused"
            try LedgerTree(database: database).append([record])
            try database.execute(
                "INSERT OR REPLACE INTO receipt_refusals (host, why) VALUES (?1, ?2)",
                .text(host.text),
                .text(why)
            )
            return true
        }
    }

    private func recorded(_ digest: Digest, of host: HostID) throws -> Int64? {
        let sql = "SELECT sequence FROM receipts WHERE host = ?1 AND digest = ?2"
        return try database.first(sql, .text(host.text), .blob(digest.bytes)) { try $0.integer(0) }
    }

    private func opened(_ rollout: RolloutID) throws -> Bool {
        let sql = "SELECT 1 FROM rollouts WHERE number = ?1"
        return try database.first(sql, .integer(Int64(rollout.number))) { _ in true } ?? false
    }

    private func check(_ receipt: Receipt, of host: HostID) throws {
        guard let previous = receipt.previous else {
            guard receipt.sequence == 1 else { throw Self.gap(receipt) }
            return
        }
        guard try recorded(previous, of: host) == receipt.sequence - 1 else { throw Self.gap(receipt) }
    }

    private static func gap(_ receipt: Receipt) -> TrustError {
        let advice = "follows one that \(receipt.host) does not show: receipts are missing between"
        return TrustError(.receiptInvalid, "receipt \(receipt.sequence)", advice)
    }

    private func record(of found: VerifiedReceipt, at now: WallTime) throws -> LedgerRecord {
        let (receipt, act) = (found.receipt, found.receipt.act)
        var record = LedgerRecord(.hostReceipt, by: Author(name: act.by, place: receipt.host.text), at: now)
        record.describe(receipt)
        if let rollout = act.request?.rollout, rollout.ledger == id, try opened(rollout) {
            record.rollout = rollout
        }
        record.statement = String(decoding: found.entry.statement, as: UTF8.self)
        record.signature = Base64.encode(found.entry.signature)
        record.certificate = String(decoding: found.chain, as: UTF8.self)
        return record
    }
}

extension LedgerRecord {
    /// Takes over what a receipt says, for readers of the table; what counts is the statement itself.
    mutating func describe(_ receipt: Receipt) {
        let act = receipt.act
        hosts = [receipt.host]
        service = act.service
        environment = act.environment
        before = act.predecessor?.description
        after = act.release.description
        outcome = act.outcome.rawValue
        why = act.reason ?? act.failure?.rawValue
        asked = act.isLocal ? "agent \(act.purpose == .deploy ? "apply" : act.purpose.rawValue)" : act.purpose.rawValue
    }
}
