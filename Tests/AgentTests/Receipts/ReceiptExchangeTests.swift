import Configuration
import Coordinator
import Foundation
import Model
import Protocol
import Storage
import TLS
import Testing
import Trust

@testable import Agent

/// Receipts on their way from the agent's own journal into a ledger, over a real session.
struct ReceiptExchangeTests {
    @Test("What was done on a host stands in the ledger once, however often it is asked", .timeLimit(.minutes(1)))
    func once() async throws {
        let rig = try await ReceiptRig()
        try await rig.end([rig.act(1)])
        var back = rig.act(0)
        (back.purpose, back.reason) = (.rollback, "it was slow")
        try await rig.end([back])
        let ledger = try rig.ledger()
        try await rig.collect(into: ledger, times: 4)
        try await rig.collect(into: ledger)
        let records = try await ReceiptRig.records(.hostReceipt, in: ledger)
        #expect(records.map(\.after) == [1, 0].map { ReceiptRig.release($0).description })
        #expect(records.map(\.asked) == ["agent apply", "agent rollback"])
        #expect(records.map(\.why) == [nil, "it was slow"])
        #expect(records.allSatisfy { $0.by == "root" && $0.from == "web-1" && $0.outcome == "committed" })
        try await rig.end([rig.act(2)])
        try await rig.collect(into: ledger)
        #expect(try await ReceiptRig.records(.hostReceipt, in: ledger).count == 3)
        #expect(try await ledger.receiptHead(of: HostID(validated: "web-1")) == rig.journal.receiptHead())
        let other = try rig.ledger("other")
        try await rig.collect(into: other)
        #expect(try await ReceiptRig.records(.hostReceipt, in: other).count == 3)
        #expect(try await ReceiptRig.records(.receiptRefused, in: ledger).isEmpty)
    }

    @Test("A long absence is caught up in one session", .timeLimit(.minutes(1)))
    func many() async throws {
        let rig = try await ReceiptRig()
        let count = ReceiptBatch.most * 2 + 3
        try await rig.end((0..<count).map { rig.act($0) })
        let ledger = try rig.ledger()
        try await rig.collect(into: ledger)
        #expect(try await ledger.receiptHead(of: HostID(validated: "web-1")).sequence == Int64(count))
    }

    struct Forgery: CustomTestStringConvertible, Sendable {
        let what: String
        let says: String
        let lie: ReceiptRig.Lie
        var testDescription: String { what }
    }

    private static func changed(_ batch: ReceiptBatch, _ change: (inout Receipt) -> Void) throws -> [[UInt8]] {
        try batch.entries.map {
            var receipt = try CanonicalJSON.decode(Receipt.self, from: $0.statement)
            change(&receipt)
            return try CanonicalJSON.encode(receipt)
        }
    }

    @Test(
        "A forged receipt is refused by its rule, recorded as such once, and nothing of it is believed",
        .timeLimit(.minutes(1)),
        arguments: [
            Forgery(what: "another host's key", says: "is not spiffe://test/agent/web-1") { batch, liar in
                try liar.batch(batch.entries.map(\.statement), as: try liar.rig.enrolled.member(.agent, "web-2"))
            },
            Forgery(what: "an operator of that name", says: "is not spiffe://test/agent/web-1") { batch, liar in
                try liar.batch(batch.entries.map(\.statement), as: try liar.rig.enrolled.member(.operator, "web-1"))
            },
            Forgery(what: "another authority", says: "does not lead to the root") { batch, liar in
                let path = "\(liar.rig.enrolled.scratch.path)/thief-\(UUID().uuidString)"
                let now = liar.rig.enrolled.now
                let thief = try CertificateAuthority.create(fleet: "test", directory: path, now: now)
                let issued = try thief.issue(.agent, name: "web-1", now: now)
                let identity = try TLSIdentity(
                    certificatePEM: Array(issued.certificatePEM.utf8),
                    keyPEM: try #require(issued.keyPEM).reveal()
                )
                return try liar.batch(batch.entries.map(\.statement), as: identity)
            },
            Forgery(what: "another key under the host's certificate", says: "is not signed with the key") {
                batch,
                liar in
                let forged = try liar.batch(
                    batch.entries.map(\.statement),
                    as: try liar.rig.enrolled.member(.agent, "web-2")
                )
                return ReceiptBatch(entries: forged.entries, chain: batch.chain)
            },
            Forgery(what: "another release", says: "is not signed with the key") { batch, _ in
                var forged = batch
                let statements = try changed(batch) { $0.act.release = ReceiptRig.release(9) }
                for (index, statement) in statements.enumerated() { forged.entries[index].statement = statement }
                return forged
            },
            Forgery(what: "a changed byte", says: "is not signed with the key") { batch, _ in
                var forged = batch
                forged.entries[1].statement[20] ^= 1
                return forged
            },
            Forgery(what: "a signature without its type", says: "is not signed with the key") { batch, liar in
                let paths = liar.rig.enrolled.configuration.paths
                let key = try SigningKey(file: paths.privateKey)
                var forged = batch
                forged.entries[0].signature = try key.sign(batch.entries[0].statement)
                return forged
            },
            Forgery(what: "about another host", says: "is about web-2") { batch, liar in
                try liar.honestly(try changed(batch) { $0.host = HostID(validated: "web-2") })
            },
            Forgery(what: "one left out", says: "receipts are missing") { batch, liar in
                var forged = batch
                forged.entries.remove(at: 1)
                return forged
            },
            Forgery(what: "the first left out", says: "receipts are missing") { batch, liar in
                var forged = batch
                forged.entries.removeFirst()
                return forged
            },
            Forgery(what: "another number", says: "receipts are missing") { batch, liar in
                try liar.honestly(try changed(batch) { $0.sequence += 1 })
            },
        ]
    )
    func forged(_ forgery: Forgery) async throws {
        let rig = try await ReceiptRig()
        try await rig.end([rig.act(1), rig.act(2), rig.act(3)])
        let ledger = try rig.ledger()
        for _ in 0..<2 {
            // Told once: whoever believes it asks for more.
            try await rig.collect(into: ledger) { batch, liar in
                batch.entries.count == 3 ? try forgery.lie(batch, liar) : batch
            }
        }
        #expect(try await ReceiptRig.records(.hostReceipt, in: ledger).isEmpty)
        let refusals = try await ReceiptRig.records(.receiptRefused, in: ledger)
        #expect(refusals.allSatisfy { $0.why?.contains(forgery.says) == true }, "\(refusals.map(\.why))")
        #expect(refusals.count == 1, "the same reason is recorded once")
        try await rig.collect(into: ledger)
        #expect(try await ReceiptRig.records(.hostReceipt, in: ledger).count == 3, "the truth is taken afterwards")
    }

    @Test("A revoked certificate signs no receipts", .timeLimit(.minutes(1)))
    func revoked() async throws {
        let rig = try await ReceiptRig()
        try await rig.end([rig.act(1)])
        let serial = await rig.membership.serial
        let ledger = try rig.ledger()
        try await rig.collect(into: ledger, revocations: try rig.enrolled.revoke(serial))
        #expect(try await ReceiptRig.records(.hostReceipt, in: ledger).isEmpty)
        let refusals = try await ReceiptRig.records(.receiptRefused, in: ledger)
        #expect(refusals.first?.why?.contains("revoked") == true)
    }

    @Test("Receipts that were recorded before are repeated in vain", .timeLimit(.minutes(1)))
    func replayed() async throws {
        let rig = try await ReceiptRig()
        try await rig.end([rig.act(1), rig.act(2)])
        let ledger = try rig.ledger()
        try await rig.collect(into: ledger)
        try await rig.end([rig.act(3)])
        try await rig.collect(into: ledger) { batch, liar in
            let known = try everything(liar.rig)
            return batch.entries.isEmpty ? batch : try liar.honestly(known)
        }
        #expect(try await ReceiptRig.records(.hostReceipt, in: ledger).count == 3)
    }

    /// Everything that the host has ever signed.
    private func everything(_ rig: ReceiptRig) throws -> [[UInt8]] {
        let database = try Database(
            path: rig.enrolled.configuration.paths.database,
            schema: AgentJournal.schema,
            access: .readOnly
        )
        return try database.query("SELECT record FROM receipts ORDER BY sequence") { try $0.blob(0) }
    }

    @Test("A journal that was lost begins anew, and the ledger keeps both chains", .timeLimit(.minutes(1)))
    func lostJournal() async throws {
        let rig = try await ReceiptRig()
        try await rig.end([rig.act(1), rig.act(2)])
        let ledger = try rig.ledger()
        try await rig.collect(into: ledger)
        let other = try await ReceiptRig()
        try await other.end([other.act(7)])
        let statements = try everything(other)
        try await rig.end([rig.act(3)])
        try await rig.collect(into: ledger) { batch, liar in
            batch.entries.isEmpty ? batch : try liar.honestly(statements)
        }
        let records = try await ReceiptRig.records(.hostReceipt, in: ledger)
        #expect(records.map(\.after) == [1, 2, 7].map { ReceiptRig.release($0).description })
    }

    @Test("A receipt is stored with its effect or not at all, and its chain can't be changed")
    func atomic() async throws {
        let rig = try await ReceiptRig()
        try await rig.end([rig.act(1)])
        let head = try await rig.journal.receiptHead()
        #expect(head.sequence == 1)
        let machine = try #require(try await rig.journal.machines().first?.machine)
        await #expect(throws: StorageError.self) {
            _ = try await rig.journal.store(machine, after: 99, history: [], acts: [rig.act(2)])
        }
        #expect(try await rig.journal.receiptHead() == head)
        let database = try Database(path: rig.enrolled.configuration.paths.database, schema: AgentJournal.schema)
        #expect(throws: StorageError.self) { try database.execute("DELETE FROM receipts") }
        #expect(throws: StorageError.self) { try database.execute("UPDATE receipts SET record = x'00'") }
    }
}
