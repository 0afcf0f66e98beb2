internal import Model
internal import Rollout
internal import TLS
internal import Trust

/// Holds what a ledger says that hosts did against what the hosts have signed, record by record.
///
/// Nothing of the ledger is believed but its order: receipts are checked against the authority's root, their chains against
/// themselves.
struct ReceiptAudit {
    private(set) var findings: [AuditFinding] = []
    private(set) var receipts = 0
    private(set) var localActs = 0
    /// Changes of rollouts that have not ended, whose receipts may still come.
    private(set) var pending = 0

    private var check: ReceiptCheck?
    /// Whether the export begins with the ledger's first record.
    private let isWhole: Bool
    private var chains: [HostID: Chain] = [:]
    private var acts: [Place: [HostAct]] = [:]
    /// What a host's newest receipt says.
    private var newest: [Seat: HostAct] = [:]
    /// What hosts ran, by the ledger's own word, before they kept receipts.
    private var inherited: [Seat: ReleaseID] = [:]
    private var claims: [Claim] = []
    private var opened: [RolloutID: [HostID]] = [:]
    private var ended: Set<RolloutID> = []
    /// Hosts that have begun a change, by the ledger's own word.
    private var begun: Set<Place> = []
    private var attests = false

    private struct Chain {
        /// Sequence by digest.
        var known: [Digest: Int64] = [:]
        var head = ReceiptHead.none
        /// The host was enrolled since.
        var isFresh = false
    }

    private struct Place: Hashable {
        let rollout: RolloutID
        let host: HostID
    }

    private struct Seat: Hashable {
        let host: HostID
        let service: ServiceName?
        let environment: EnvironmentName?
    }

    /// What the ledger says that a host did; the same is judged once.
    private struct Claim: Hashable {
        let record: Int64
        let place: Place
        let outcome: HostAct.Outcome
        let release: ReleaseID?
        /// A receipt must be there: the host's word came out of a change.
        let isOwed: Bool

        init(record: Int64, place: Place, _ outcome: HostAct.Outcome, _ release: ReleaseID?, isOwed: Bool) {
            self.record = record
            self.place = place
            self.outcome = outcome
            self.release = release
            self.isOwed = isOwed
        }

        static func == (left: Self, right: Self) -> Bool {
            (left.place, left.outcome, left.release) == (right.place, right.outcome, right.release)
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(place)
            hasher.combine(outcome)
            hasher.combine(release)
        }
    }

    /// `check` is nil where no root is at hand: then signatures are not looked at.
    init(_ check: ReceiptCheck?, isWhole: Bool) {
        self.check = check
        self.isWhole = isWhole
    }

    /// Engines of this version and later record receipts.
    private static let attestingEngine = 2

    mutating func take(_ record: LedgerRecord, number: Int64) {
        switch record.kind {
        case .hostReceipt: takeReceipt(record, number)
        case .hostAdded: for host in record.hosts ?? [] { chains[host]?.isFresh = true }
        case .rolloutOpened: if let id = record.rollout { opened[id] = record.hosts ?? [] }
        case .rolloutEnded:
            if let id = record.rollout, record.outcome != Outcome.paused.rawValue { ended.insert(id) }
        case .rolloutEvent: takeEvent(record, number)
        case .ledgerBegun, .ledgerRestored, .ledgerRecovered, .ledgerIntroduced, .rolloutRefused, .hostRemoved,
            .hostUnheld, .certificateIssued, .receiptRefused, .glassReviewed, .trustPublished, .tokenMade,
            .tokenUsed, .tokenRefused, .tokenRevoked, .artifactQuarantined, .artifactCleared:
            break
        }
    }

    private mutating func find(_ text: String, _ record: Int64) {
        findings.append(AuditFinding(record: record, text: text))
    }

    // MARK: Receipts

    private mutating func takeReceipt(_ record: LedgerRecord, _ number: Int64) {
        receipts += 1
        attests = true
        guard let statement = record.statement.map({ Array($0.utf8) }), let host = record.hosts?.first,
            let signature = record.signature.flatMap(Base64.decode), let chain = record.certificate
        else { return find("is a receipt without statement, host, signature or certificate", number) }
        do {
            let entry = ReceiptBatch.Entry(statement: statement, signature: signature)
            let receipt =
                try check?.verify(entry, chain: Array(chain.utf8), of: host, at: record.at).receipt
                ?? CanonicalJSON.decode(Receipt.self, from: statement)
            follow(receipt, SHA256.digest(of: statement), number)
            compare(record, receipt, number)
            if receipt.act.isLocal { localActs += 1 }
            newest[Seat(host: host, service: record.service, environment: record.environment)] = receipt.act
            if let request = receipt.act.request {
                acts[Place(rollout: request.rollout, host: receipt.host), default: []].append(receipt.act)
            }
        } catch {
            find("is no receipt of \(host): \(error)", number)
        }
    }

    /// Holds a receipt against those before it.
    private mutating func follow(_ receipt: Receipt, _ digest: Digest, _ number: Int64) {
        let host = receipt.host
        var chain = chains[host] ?? Chain()
        defer {
            chain.known[digest] = receipt.sequence
            chain.head = ReceiptHead(sequence: receipt.sequence, digest: digest)
            chain.isFresh = false
            chains[host] = chain
        }
        let isFirst = chain.known.isEmpty
        guard chain.known[digest] == nil else {
            return find("repeats receipt \(receipt.sequence) of \(host)", number)
        }
        guard let previous = receipt.previous else {
            guard receipt.sequence == 1, isFirst || chain.isFresh else {
                let last = chain.head.sequence
                return find("begins the receipts of \(host) anew after number \(last): its journal was lost", number)
            }
            return
        }
        if isFirst, !isWhole { return }
        guard let before = chain.known[previous], before == receipt.sequence - 1 else {
            let last = chain.head.sequence
            let text = "is receipt \(receipt.sequence) of \(host), the last before it is \(last): receipts are missing"
            return find(text, number)
        }
        guard previous == chain.head.digest else {
            return find(
                "is another receipt \(receipt.sequence) of \(host), which had come to \(chain.head.sequence): its journal "
                    + "was put back, or it says two things",
                number
            )
        }
    }

    /// What the record says for readers of the table must be what the host has signed.
    private mutating func compare(_ record: LedgerRecord, _ receipt: Receipt, _ number: Int64) {
        var expected = record
        expected.describe(receipt)
        guard expected != record || record.by != receipt.act.by else { return }
        let act = receipt.act
        let text = "says otherwise than its receipt: \(receipt.host) has signed \(act.outcome.rawValue) \(act.release)"
        find("\(text) for \(act.by)", number)
    }

    // MARK: The ledger's own word

    private mutating func takeEvent(_ record: LedgerRecord, _ number: Int64) {
        guard let rollout = record.rollout, let event = record.event else { return }
        attests = attests || record.engine.flatMap(Int.init) ?? 0 >= Self.attestingEngine
        // Once one of the records knows of receipts, all that follow do.
        guard attests else { return inherit(event.word, of: rollout, record) }
        switch event.word {
        case .replied(let index, _, let reply):
            guard let place = place(index, of: rollout, record) else { return }
            takeReply(reply, place, record, number)
        case .reported(let index, let facts):
            guard let operation = facts.operation, case .rollout(let request) = operation.origin,
                request.rollout == rollout, operation.phase == .committed,
                let place = place(index, of: rollout, record)
            else { return }
            claims.append(Claim(record: number, place: place, .committed, operation.target, isOwed: true))
        case .started, .resumed, .operatorSaid, .connected, .lost, .effectFailed, .timerFired, .asked, .orderLapsed,
            .judged, .opening, .scheduleExpired, .concurrentEnded:
            break
        }
    }

    /// Remembers what was said before hosts kept receipts: it is not judged, and explains what they say of it later.
    private mutating func inherit(_ word: RolloutEvent.Word, of rollout: RolloutID, _ record: LedgerRecord) {
        guard case .replied(let index, _, .committed(let release)) = word, let place = place(index, of: rollout, record)
        else { return }
        inherited[Seat(host: place.host, service: record.service, environment: record.environment)] = release
    }

    private mutating func takeReply(_ reply: HostReply, _ place: Place, _ record: LedgerRecord, _ number: Int64) {
        let seat = Seat(host: place.host, service: record.service, environment: record.environment)
        switch reply {
        case .awaitingCommit: begun.insert(place)
        case .committed(let release):
            // A host that runs it already, of an earlier rollout or by a person's hand, says the same and changes nothing.
            let known = newest[seat].map(\.running) ?? inherited[seat]
            let isNews = known != release && (isWhole || known != nil)
            claims.append(
                Claim(record: number, place: place, .committed, release, isOwed: begun.contains(place) || isNews)
            )
        case .reverted(_, let failure):
            // Taking back what was never begun, or was taken back before, is answered with the same word.
            let isNews = failure.code != .cancelled && newest[seat]?.outcome != .reverted
            claims.append(Claim(record: number, place: place, .reverted, nil, isOwed: begun.contains(place) || isNews))
        case .stuck: claims.append(Claim(record: number, place: place, .stuck, nil, isOwed: false))
        case .claimState, .claimed, .released, .prepared, .migrated, .discarded, .confirmed, .refused: break
        }
    }

    /// The host at its place in the plan.
    private func place(_ index: Int, of rollout: RolloutID, _ record: LedgerRecord) -> Place? {
        let planned = opened[rollout].flatMap { $0.indices.contains(index) ? $0[index] : nil }
        return (planned ?? HostID(record.by)).map { Place(rollout: rollout, host: $0) }
    }

    /// Compares all that was said; once all records were taken.
    mutating func finish() {
        var judged: Set<Claim> = []
        for claim in claims where judged.insert(claim).inserted { judge(claim) }
    }

    private mutating func judge(_ claim: Claim) {
        let (host, label) = (claim.place.host, claim.place.rollout.label)
        let about = (acts[claim.place] ?? []).filter { claim.release == nil || $0.release == claim.release }
        guard !about.contains(where: { $0.outcome == claim.outcome }) else { return }
        let said = "says that \(host) \(claim.outcome.words)\(claim.release.map { " \($0)" } ?? "") in \(label)"
        if let other = about.last {
            return find("\(said); the host has signed: \(other.outcome.rawValue) \(other.release)", claim.record)
        }
        // A rollout that was opened before the export may have its receipts there, too.
        guard claim.isOwed, opened[claim.place.rollout] != nil else { return }
        guard ended.contains(claim.place.rollout) else {
            pending += 1
            return
        }
        find("\(said), and there is no receipt of it", claim.record)
    }
}

extension HostAct.Outcome {
    fileprivate var words: String {
        switch self {
        case .committed: "committed"
        case .kept: "kept without commit"
        case .reverted: "reverted"
        case .stuck: "got stuck"
        }
    }
}
