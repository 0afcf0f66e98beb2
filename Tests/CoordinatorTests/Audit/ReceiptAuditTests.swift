import Model
import Rollout
import TLS
import Testing
import Trust

@testable import Coordinator

/// A ledger in the hands of somebody who rewrote it, key and all, against what its hosts have signed.
struct ReceiptAuditTests {
    @Test("An honest ledger is borne out by its hosts", .timeLimit(.minutes(1)))
    func honest() async throws {
        let rig = try AuditRig()
        try await rig.run()
        let found = try await rig.verify()
        #expect(found.findings.isEmpty, "\(found.findings)")
        #expect(found.receipts == 2 && found.localActs == 0 && found.receiptsPending == 0)
        #expect(found.receiptsChecked)
        let copied = try await rig.verify(try await rig.records())
        #expect(copied.findings.isEmpty, "\(copied.findings)")
    }

    @Test("The receipt stands before what it proves", .timeLimit(.minutes(1)))
    func order() async throws {
        let rig = try AuditRig(hosts: 1)
        try await rig.run()
        let kinds = try await rig.records().map { record in
            if case .replied(_, _, .committed)? = record.event?.word { "committed" } else { record.kind.rawValue }
        }
        let receipt = try #require(kinds.firstIndex(of: "host.receipt"))
        let reply = try #require(kinds.firstIndex(of: "committed"))
        #expect(receipt < reply)
    }

    struct Lie: CustomTestStringConvertible, Sendable {
        let what: String
        let says: String
        let tell: @Sendable (inout [LedgerRecord], AuditRig) throws -> Void
        var testDescription: String { what }
    }

    /// Places of all receipts.
    private static func receipts(_ records: [LedgerRecord]) -> [Int] {
        records.indices.filter { records[$0].kind == .hostReceipt }
    }

    /// What a host would have to sign for the record to be this one's.
    private static func put(_ found: VerifiedReceipt, in record: inout LedgerRecord) {
        record.describe(found.receipt)
        record.statement = String(decoding: found.entry.statement, as: UTF8.self)
        record.signature = Base64.encode(found.entry.signature)
        record.certificate = String(decoding: found.chain, as: UTF8.self)
    }

    @Test(
        "A ledger that says what its hosts have not signed is named",
        .timeLimit(.minutes(1)),
        arguments: [
            Lie(what: "a receipt taken away", says: "there is no receipt of it") { records, _ in
                records.remove(at: receipts(records)[1])
            },
            Lie(what: "committed, where the host went back", says: "the host has signed: reverted") { records, rig in
                let place = receipts(records)[0]
                var act = try CanonicalJSON.decode(Receipt.self, from: Array((records[place].statement ?? "").utf8)).act
                act.outcome = .reverted
                let fresh = try AuditRig(hosts: 2, like: rig)
                put(try fresh.receipt(act, of: 0), in: &records[place])
            },
            Lie(what: "a receipt for another release", says: "there is no receipt of it") { records, rig in
                let place = receipts(records)[0]
                var act = try CanonicalJSON.decode(Receipt.self, from: Array((records[place].statement ?? "").utf8)).act
                act.release = ReleaseID(version: Version(validated: "9.9"), digest: SHA256.digest(of: [9]))
                act.running = act.release
                let fresh = try AuditRig(hosts: 2, like: rig)
                put(try fresh.receipt(act, of: 0), in: &records[place])
            },
            Lie(what: "a receipt signed with another host's key", says: "is not spiffe://example/agent/web-1") {
                records,
                rig in
                let place = receipts(records)[0]
                let act = try CanonicalJSON.decode(Receipt.self, from: Array((records[place].statement ?? "").utf8)).act
                let fresh = try AuditRig(hosts: 2, like: rig)
                put(try fresh.receipt(act, of: 0, keyOf: 1), in: &records[place])
            },
            Lie(what: "another host's receipt under this one's name", says: "is no receipt of") { records, _ in
                let places = receipts(records)
                let host = records[places[0]].hosts
                records[places[0]] = records[places[1]]
                records[places[0]].hosts = host
            },
            Lie(what: "a changed byte", says: "is not signed with the key") { records, _ in
                let place = receipts(records)[0]
                records[place].statement = records[place].statement?.replacing("1.4.2", with: "1.4.3")
            },
            Lie(what: "a table that says otherwise", says: "says otherwise than its receipt") { records, _ in
                records[receipts(records)[0]].outcome = "reverted"
            },
            Lie(what: "who asked is another", says: "says otherwise than its receipt") { records, _ in
                let place = receipts(records)[0]
                let old = records[place]
                var new = LedgerRecord(.hostReceipt, by: Author(name: "mallory", place: old.from), at: old.at)
                new.describe(try CanonicalJSON.decode(Receipt.self, from: Array((old.statement ?? "").utf8)))
                (new.statement, new.signature, new.certificate) = (old.statement, old.signature, old.certificate)
                new.rollout = old.rollout
                records[place] = new
            },
            Lie(what: "a receipt that stands twice", says: "repeats receipt 1") { records, _ in
                let place = receipts(records)[0]
                records.append(records[place])
            },
            Lie(what: "no certificate", says: "without statement, host, signature or certificate") { records, _ in
                records[receipts(records)[0]].certificate = nil
            },
        ]
    )
    func lies(_ lie: Lie) async throws {
        let rig = try AuditRig()
        try await rig.run()
        var records = try await rig.records()
        try lie.tell(&records, rig)
        let found = try await rig.verify(records)
        let texts = found.findings.map(\.text)
        #expect(texts.contains { $0.contains(lie.says) }, "\(texts)")
    }

    /// Several receipts of one host, without a rollout.
    private func chain(_ rig: AuditRig, _ count: Int) async throws {
        for number in 1...count {
            let release = ReleaseID(
                version: Version(validated: "2.\(number)"),
                digest: SHA256.digest(of: [UInt8(number)])
            )
            try await rig.take(
                HostAct(
                    service: ServiceName(validated: "web"),
                    environment: EnvironmentName(validated: "production"),
                    outcome: .committed,
                    purpose: .deploy,
                    release: release,
                    running: release,
                    by: "root",
                    at: RolloutFixture.now
                ),
                of: 0
            )
        }
    }

    @Test("A receipt that is missing in the chain is seen, wherever it was", .timeLimit(.minutes(1)))
    func gaps() async throws {
        let rig = try AuditRig(hosts: 1)
        try await chain(rig, 5)
        let records = try await rig.records()
        let whole = try await rig.verify(records)
        #expect(whole.findings.isEmpty && whole.localActs == 5)
        for place in Self.receipts(records).dropLast() {
            var fewer = records
            fewer.remove(at: place)
            let found = try await rig.verify(fewer)
            #expect(found.findings.map(\.text).contains { $0.contains("receipts are missing") })
        }
        var swapped = records
        swapped.swapAt(Self.receipts(records)[2], Self.receipts(records)[3])
        #expect(try await !rig.verify(swapped).findings.isEmpty)
    }

    @Test("A chain that begins anew is named, unless the host was added anew", .timeLimit(.minutes(1)))
    func begunAnew() async throws {
        let rig = try AuditRig(hosts: 1)
        try await chain(rig, 3)
        var records = try await rig.records()
        let fresh = try AuditRig(hosts: 1, like: rig)
        try await chain(fresh, 2)
        let second = try await fresh.records().filter { $0.kind == .hostReceipt }
        // The same acts at another place of the chain are other receipts.
        var again = second
        again.removeFirst()
        let lost = try await rig.verify(records + again)
        #expect(!lost.findings.isEmpty)
        var other = try CanonicalJSON.decode(Receipt.self, from: Array((second[0].statement ?? "").utf8)).act
        other.by = "somebody"
        let newcomer = try AuditRig(hosts: 1, like: rig)
        try await newcomer.take(other, of: 0)
        let first = try #require(try await newcomer.records().last)
        let anew = try await rig.verify(records + [first])
        #expect(anew.findings.map(\.text).contains { $0.contains("anew after number 3") }, "\(anew.findings)")
        var added = LedgerRecord(.hostAdded, by: Author(name: "alice", place: "laptop"), at: RolloutFixture.now)
        added.hosts = [HostID(validated: "web-1")]
        records += [added, first]
        #expect(try await rig.verify(records).findings.isEmpty)
    }

    @Test("Receipts are believed under the authority's own root alone", .timeLimit(.minutes(1)))
    func otherRoot() async throws {
        let rig = try AuditRig(hosts: 1)
        try await rig.run()
        let stranger = try AuditRig(hosts: 1)
        let found = try await rig.verify(authority: stranger.authority.anchors)
        #expect(found.findings.map(\.text).contains { $0.contains("does not lead to the root") })
    }
}
