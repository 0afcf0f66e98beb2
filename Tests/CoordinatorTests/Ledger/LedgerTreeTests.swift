import Foundation
import Model
import Rollout
import Storage
import Testing
import Trust

@testable import Coordinator

/// The tree of a ledger, against one that is made of all its records.
struct LedgerTreeTests {
    private static let author = Author(name: "alice", place: "laptop")

    private func fill(_ ledger: Ledger, _ count: Int, from first: Int64 = 0) async throws {
        for number in 0..<count {
            let at = WallTime(milliseconds: RolloutFixture.now.milliseconds + first + Int64(number))
            try await ledger.record(LedgerRecord(.hostUnheld, by: Self.author, at: at))
        }
    }

    private func leaves(_ fixture: RolloutFixture) throws -> [Digest] {
        try fixture.database().query("SELECT record FROM records ORDER BY sequence") { AuditTree.leaf(try $0.blob(0)) }
    }

    @Test("Every record grows the tree, and each earlier state is proven to be its beginning")
    func grows() async throws {
        let fixture = try RolloutFixture(hosts: 1)
        let key = try SigningKey.generate()
        let origin = LedgerOrigin(fleet: fixture.plan.fleet, ledger: fixture.ledger.id)
        let name = try NoteKey(name: origin.description, key: key.publicKey)
        var seen: [Checkpoint] = []
        for _ in 0..<19 {
            let tree = try await fixture.ledger.tree()
            #expect(try tree.root == AuditTree.root(of: leaves(fixture)))
            seen.append(try Checkpoint(origin: origin.description, size: tree.size, root: tree.root))
            for older in seen {
                let found = try await fixture.ledger.history(since: older.size, origin, signedWith: key)
                let newer = try SignedCheckpoint(found.checkpoint.note, by: name).checkpoint
                try AuditProof.verifyConsistency(from: older, to: newer, proof: found.proof)
                #expect(try await fixture.ledger.continues(older))
            }
            try await fill(fixture.ledger, 1)
        }
    }

    @Test("A ledger that is opened again, or by two at once, goes on with the same tree")
    func reopened() async throws {
        let fixture = try RolloutFixture(hosts: 1)
        try await fill(fixture.ledger, 5)
        let second = try Ledger(path: fixture.path)
        try await fill(second, 3)
        try await fill(fixture.ledger, 2)
        #expect(try await second.tree() == fixture.ledger.tree())
        #expect(try await second.tree().root == AuditTree.root(of: leaves(fixture)))
    }

    @Test("What a transaction took back is not in the tree")
    func rolledBack() async throws {
        let fixture = try RolloutFixture(hosts: 1)
        let before = try await fixture.ledger.tree()
        let database = try fixture.database()
        #expect(throws: CancellationError.self) {
            try database.transaction {
                let record = LedgerRecord(.hostUnheld, by: Self.author, at: RolloutFixture.now)
                try LedgerTree(database: database).append([record])
                throw CancellationError()
            }
        }
        #expect(try await fixture.ledger.tree() == before)
    }

    @Test("A refused rollout stands in the ledger with its reason")
    func refusal() async throws {
        let fixture = try RolloutFixture(hosts: 1)
        _ = try await fixture.open()
        await #expect(throws: CoordinatorError.self) { try await fixture.open() }
        let records = try await fixture.ledger.recordBytes(after: 0, limit: 10).map {
            try CanonicalJSON.decode(LedgerRecord.self, from: $0)
        }
        #expect(records.map(\.kind) == [.ledgerBegun, .rolloutOpened, .rolloutRefused])
        #expect(records.last?.why?.contains("has not ended") == true)
        #expect(records.last?.by == "alice" && records.last?.from == "laptop")
    }

    @Test("The records of a time are exported whole, with a header that proves it, and checked from the file alone")
    func exported() async throws {
        let fixture = try RolloutFixture(hosts: 1)
        try await fill(fixture.ledger, 40)
        let key = try SigningKey.generate()
        let signer = LedgerSigner(
            origin: LedgerOrigin(fleet: fixture.plan.fleet, ledger: fixture.ledger.id),
            key: key
        )
        let export = AuditExport(fixture.ledger, signer)
        let start = WallTime(milliseconds: RolloutFixture.now.milliseconds + 7)
        let end = WallTime(milliseconds: RolloutFixture.now.milliseconds + 29)
        let path = "\(fixture.path).export"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let runs: [(WallTime?, WallTime?, Int64)] = [
            (nil, nil, 41), (start, end, 22), (start, nil, 33), (nil, end, 30),
        ]
        for (from, to, count) in runs {
            var bytes: [UInt8] = []
            let written = try await export.run(from: from, to: to, as: .json) { bytes += $0 }
            #expect(written == count)
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            let found = try AuditVerification(file: path, keys: AuditVerification.Keys(ledger: try signer.publicKey()))
            #expect(found.records == written && found.ledgerSize == 41)
            var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            lines.remove(at: lines.count / 2)
            try Data(lines.joined(separator: [0x0A])).write(to: URL(fileURLWithPath: path))
            #expect(throws: TrustError.self) {
                try AuditVerification(file: path, keys: AuditVerification.Keys(ledger: try signer.publicKey()))
            }
        }
    }

    @Test("A table has a row for each record, of unknown kinds too, and nothing in it is a formula")
    func table() throws {
        let text = #"{"at":1790000000000,"by":"mallory","kind":"from.the.future","why":"=cmd|' /C calc'!A0, \"x\""}"#
        let row = AuditTable.row(Array(text.utf8), sequence: 7)
        #expect(row.hasPrefix("7,2026-09-21T14:13:20.000Z,from.the.future,mallory,,"))
        #expect(row.contains("\"'=cmd|' /C calc'!A0, \"\"x\"\"\""))
        #expect(row.hasSuffix("\r\n"))
    }
}
