internal import Model
internal import Trust

/// Looks for emergencies that nobody else has reviewed.
struct ReviewAudit {
    private(set) var findings: [AuditFinding] = []
    private var broken: [Digest: BrokenGlass] = [:]
    /// Leaves of the records that tell of them.
    private var leaves: [Int64: (key: Digest, leaf: Digest)] = [:]
    private var reviewed: Set<Digest> = []
    /// Who may review; nil where their file is not at hand: then signatures are not looked at.
    private let approvers: AllowedSigners?
    private let breakers: AllowedSigners?
    private let ledger: NoteKey

    init(of ledger: NoteKey, approvers: AllowedSigners?, breakers: AllowedSigners?) {
        self.ledger = ledger
        self.approvers = approvers
        self.breakers = breakers
    }

    /// What nobody has reviewed, oldest first.
    var open: [BrokenGlass] {
        broken.values.filter { !reviewed.contains($0.key) }.sorted { $0.record < $1.record }
    }

    mutating func take(_ record: LedgerRecord, number: Int64, bytes: [UInt8]) {
        switch record.kind {
        case .hostReceipt:
            // `ReceiptAudit` tells of what is no receipt.
            guard let statement = record.statement.map({ Array($0.utf8) }),
                let receipt = try? CanonicalJSON.decode(Receipt.self, from: statement)
            else { return }
            add(BrokenGlass(receipt, digest: SHA256.digest(of: statement), record: number), bytes)
        case .rolloutEvent: add(BrokenGlass(record, record: number), bytes)
        case .glassReviewed: review(record, number)
        case .ledgerBegun, .ledgerRestored, .ledgerRecovered, .ledgerIntroduced, .rolloutOpened, .rolloutRefused,
            .rolloutEnded, .hostAdded, .hostRemoved, .hostUnheld, .certificateIssued, .receiptRefused, .trustPublished,
            .tokenMade, .tokenUsed, .tokenRefused, .tokenRevoked, .artifactQuarantined, .artifactCleared:
            break
        }
    }

    private mutating func add(_ found: BrokenGlass?, _ bytes: [UInt8]) {
        guard let found else { return }
        leaves[found.record] = (found.key, AuditTree.leaf(bytes))
        if broken[found.key] == nil { broken[found.key] = found }
    }

    private mutating func review(_ record: LedgerRecord, _ number: Int64) {
        guard let statement = record.statement, let signature = record.signature else {
            return find("is a review without a signature", number)
        }
        let word = LedgerWord(statement: Array(statement.utf8), signature: Array(signature.utf8))
        do throws(TrustError) {
            let review: ReviewStatement
            if let approvers {
                review =
                    try ReviewStatement.verify(word, approvers: approvers, breakers: breakers, at: record.at).statement
            } else {
                review = try CanonicalJSON.decode(ReviewStatement.self, from: word.statement)
            }
            guard review.ledger == "\(ledger)" else {
                return find("is a review of another ledger's record", number)
            }
            // One of before the export is none of ours.
            guard let found = leaves[review.record], let glass = broken[found.key] else { return }
            guard found.leaf == review.leaf, glass.by == review.breaker else {
                return find("is a review of another record than \(review.record)", number)
            }
            reviewed.insert(found.key)
        } catch {
            find("is no review that counts: \(error)", number)
        }
    }

    private mutating func find(_ text: String, _ number: Int64) {
        findings.append(AuditFinding(record: number, text: text))
    }
}
