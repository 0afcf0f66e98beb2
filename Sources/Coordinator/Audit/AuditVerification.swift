internal import Glibc
internal import Model
package import TLS
package import Trust

/// The check of an export, which needs the file and public keys, and nothing of a workspace.
package struct AuditVerification: Hashable, Encodable, Sendable {
    /// The public keys that an auditor brings.
    package struct Keys: Sendable {
        /// The ledger's.
        package var ledger: NoteKey
        /// The root of the fleet's authority; without it receipts are not held against their hosts' keys.
        package var authority: TrustAnchors?
        /// Who may review an emergency, and whose keys break the glass; without the first, reviews are not checked.
        package var approvers: AllowedSigners?
        package var breakers: AllowedSigners?

        package init(
            ledger: NoteKey,
            authority: TrustAnchors? = nil,
            approvers: AllowedSigners? = nil,
            breakers: AllowedSigners? = nil
        ) {
            self.ledger = ledger
            self.authority = authority
            self.approvers = approvers
            self.breakers = breakers
        }
    }

    /// Whose records these are.
    package let ledger: String
    /// The first record's number in the ledger, from 1.
    package let first: Int64
    package let records: Int64
    /// Records that the ledger had when it was exported.
    package let ledgerSize: Int64
    /// What hosts have signed, and how much of it people did on the hosts themselves.
    package let receipts: Int
    package let localActs: Int
    /// Changes whose receipts may still come: their rollouts had not ended.
    package let receiptsPending: Int
    /// Whether receipts were held against the authority's root.
    package let receiptsChecked: Bool
    /// Whether signatures of reviews were held against the approvers.
    package let reviewsChecked: Bool
    /// What the records say and the hosts' receipts do not bear out; reviews that don't count.
    package let findings: [AuditFinding]
    /// Emergencies that nobody else has reviewed.
    package let openReviews: [BrokenGlass]

    /// Reads a file and believes nothing of it.
    ///
    /// - Throws: `TrustError` when the file is not what the ledger has signed, `CoordinatorError` when it can't be read.
    package init(file path: String, keys: Keys) throws {
        var lines = try FileLines(path: path)
        guard let header = try lines.next() else {
            throw CoordinatorError(.fileUnusable, "\(path) is empty; write one with 'fleet audit export'")
        }
        var check = try AuditExportCheck(header: header, key: keys.ledger)
        let origin = try LedgerOrigin(parsing: check.checkpoint.origin)
        var receipts = ReceiptAudit(
            keys.authority.map { ReceiptCheck(fleet: origin.fleet, anchors: $0) },
            isWhole: check.header.after == 0
        )
        var reviews = ReviewAudit(of: keys.ledger, approvers: keys.approvers, breakers: keys.breakers)
        var unread: [AuditFinding] = []
        var number = check.header.after
        while let line = try lines.next() {
            try check.take(line)
            number += 1
            guard Self.concernsHosts(line) else { continue }
            do {
                let record = try CanonicalJSON.decode(LedgerRecord.self, from: line)
                receipts.take(record, number: number)
                reviews.take(record, number: number, bytes: line)
            } catch {
                let text = "can't be read by this version, so that it is not held against receipts: \(error)"
                unread.append(AuditFinding(record: number, text: text))
            }
        }
        try check.finish()
        receipts.finish()
        ledger = check.checkpoint.origin
        first = check.header.after + 1
        records = check.header.count
        ledgerSize = check.checkpoint.size
        self.receipts = receipts.receipts
        localActs = receipts.localActs
        receiptsPending = receipts.pending
        receiptsChecked = keys.authority != nil
        reviewsChecked = keys.approvers != nil
        findings = (receipts.findings + reviews.findings + unread).sorted { $0.record < $1.record }
        openReviews = reviews.open
    }

    /// Whether a record says something of a host's work; all others need not be read for that.
    ///
    /// Records are canonical JSON: such a text stands in one as a member and its value, and nowhere else.
    private static func concernsHosts(_ line: [UInt8]) -> Bool {
        line.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return false }
            var place = 0
            while let quote = memchr(base + place, 0x22, bytes.count - place) {
                place = UnsafeRawPointer(quote) - base
                for word in words where bytes.count - place >= word.count {
                    let isHere = word.withUnsafeBytes { text in
                        text.baseAddress.map { memcmp(quote, $0, text.count) == 0 } ?? false
                    }
                    if isHere { return true }
                }
                place += 1
            }
            return false
        }
    }

    /// Kinds of records, ends of changes in a host's words, and what a person has signed.
    private static let words: [[UInt8]] =
        [LedgerRecord.Kind.hostReceipt, .hostAdded, .glassReviewed, .rolloutOpened, .rolloutEnded]
        .map { Array("\"kind\":\"\($0.rawValue)\"".utf8) }
        + ["awaitingCommit", "committed", "reverted", "stuck", "approve"].map { Array("\"\($0)\":{".utf8) }
        + [Array("\"phase\":\"committed\"".utf8)]

    /// The key in a file such as `.fleet/keys/ledger.pub`.
    package static func key(file path: String) throws -> NoteKey {
        let text = String(decoding: try SmallFile.read(path), as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline)
        guard lines.count == 1, let line = lines.first else {
            throw CoordinatorError(.fileUnusable, "\(path) has \(lines.count) lines, expected one: NAME+ID+KEY")
        }
        return try NoteKey(parsing: String(line))
    }
}
