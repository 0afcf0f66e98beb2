import Model
import TestSupport
import Testing

@testable import Trust

/// An export in the hands of somebody who would like it to say something else.
struct AuditExportCheckTests {
    private let key: SigningKey
    private let origin: LedgerOrigin
    private let records = (0..<23).map { Array("{\"kind\":\"test\",\"number\":\($0)}".utf8) }

    init() throws {
        key = try SigningKey.generate()
        origin = try LedgerOrigin(parsing: "fleet/example/0d9f2c34-0000-4000-8000-000000000001")
    }

    private var name: NoteKey { get throws { try NoteKey(name: origin.description, key: key.publicKey) } }

    private func tree(_ records: some Sequence<[UInt8]>) -> AuditTree {
        var tree = AuditTree()
        for record in records { tree.append(leaf: AuditTree.leaf(record)) }
        return tree
    }

    private func header(_ run: Range<Int>) throws -> AuditExportHeader {
        AuditExportHeader(
            ledger: try name,
            after: Int64(run.lowerBound),
            count: Int64(run.count),
            before: tree(records[..<run.lowerBound]).peaks,
            checkpoint: try SignedCheckpoint(origin, tree(records), signedWith: key),
            proof: AuditProof.consistency(from: run.upperBound, in: records.map(AuditTree.leaf))
        )
    }

    private func check(_ header: AuditExportHeader, _ records: some Sequence<[UInt8]>, by key: NoteKey) throws {
        var check = try AuditExportCheck(header: try CanonicalJSON.encode(header), key: key)
        for record in records { try check.take(record) }
        try check.finish()
    }

    @Test("Every run of records is proven")
    func runs() throws {
        for start in 0...records.count {
            for end in start...records.count { try check(try header(start..<end), records[start..<end], by: try name) }
        }
    }

    @Test("A record that was changed, taken away, added or moved is found, wherever the run lies")
    func forged() throws {
        for run in [0..<23, 0..<9, 5..<23, 7..<16, 8..<16] {
            let good = Array(records[run])
            var changed = good
            changed[run.count / 2][0] ^= 1
            var swapped = good
            swapped.swapAt(1, 2)
            for lie in [changed, swapped, Array(good.dropLast()), Array(good.dropFirst()), good + [good[0]]] {
                #expect(throws: TrustError.self) { try check(try header(run), lie, by: try name) }
            }
            var shorter = try header(run)
            shorter.count -= 1
            #expect(throws: TrustError.self) { try check(shorter, good.dropLast(), by: try name) }
        }
    }

    @Test("Another key under the ledger's name, and another ledger's checkpoint, are refused")
    func otherKey() throws {
        let thief = try NoteKey(name: origin.description, key: SigningKey.generate().publicKey)
        #expect(throws: TrustError.self) { try check(try header(0..<23), records, by: thief) }
        let other = try LedgerOrigin(parsing: "fleet/example/0d9f2c34-0000-4000-8000-000000000002")
        let otherName = try NoteKey(name: other.description, key: key.publicKey)
        #expect(throws: TrustError.self) { try check(try header(0..<23), records, by: otherName) }
    }
}
