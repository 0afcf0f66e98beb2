import Coordinator
import Model
import Synchronization
import Testing
import Trust

@testable import Agent

/// Hosts that sign more than anybody deploys, and hosts that have much to tell.
struct ReceiptAllowanceTests {
    private static let host = HostID(validated: "web-1")
    private static let allowance = ReceiptAllowance(receipts: 12, refusals: 2)

    @Test(
        "A host whose chain begins anew again and again fills no ledger, and that is said once",
        .timeLimit(.minutes(1))
    )
    func newChains() async throws {
        let rig = try await ReceiptRig()
        try await rig.end([rig.act(0)])
        let ledger = try rig.ledger()
        for number in 1...10 {
            try await rig.collect(into: ledger, allowance: Self.allowance) { batch, liar in
                guard liar.asked == .none || !batch.entries.isEmpty else { return batch }
                return try liar.honestly(
                    try Self.chain(of: (1...3).map { liar.rig.act(10 * number + $0) }).map(\.bytes)
                )
            }
        }
        #expect(try await ReceiptRig.records(.hostReceipt, in: ledger).count == Self.allowance.receipts)
        let refusals = try await ReceiptRig.records(.receiptRefused, in: ledger)
        #expect(refusals.count == 1)
        #expect(refusals.first?.why?.contains("faster than 12 in 1d") == true, "\(refusals.map(\.why))")
    }

    @Test(
        "A host that is refused for ever new reasons is told of twice, then no more that day",
        .timeLimit(.minutes(1))
    )
    func newReasons() async throws {
        let rig = try await ReceiptRig()
        try await rig.end([rig.act(0)])
        let ledger = try rig.ledger()
        for number in 1...6 {
            try await rig.collect(into: ledger, allowance: Self.allowance) { _, liar in
                let gap = Receipt(
                    host: Self.host,
                    sequence: Int64(10 + number),
                    previous: SHA256.digest(of: [UInt8(number)]),
                    act: liar.rig.act(number)
                )
                return try liar.honestly([try CanonicalJSON.encode(gap)])
            }
        }
        let refusals = try await ReceiptRig.records(.receiptRefused, in: ledger)
        #expect(refusals.count == Self.allowance.refusals)
        #expect(refusals.last?.why?.contains("is not recorded") == true)
        #expect(refusals.first?.why?.contains("is not recorded") == false)
        let isTold = try await ledger.refuse(
            receiptsOf: Self.host,
            because: "the next day",
            at: rig.enrolled.now + .hours(25),
            within: Self.allowance
        )
        #expect(isTold)
    }

    @Test(
        "A host with thousands of receipts whose journal was put back catches up in one session",
        .timeLimit(.minutes(1))
    )
    func putBack() async throws {
        let rig = try await ReceiptRig()
        // What it shows as its newest is none that the ledger knows.
        try await rig.end([rig.act(9999)])
        let ledger = try rig.ledger()
        let all = try Self.chain(of: (0..<4300).map { rig.act($0) })
        for start in stride(from: 0, to: all.count, by: 500) {
            let found = all[start..<min(start + 500, all.count)].map { link in
                let entry = ReceiptBatch.Entry(statement: link.bytes, signature: [])
                return VerifiedReceipt(link.receipt, digest: link.digest, entry: entry, chain: [])
            }
            try await ledger.take(found, of: Self.host, at: rig.enrolled.now, within: ReceiptAllowance(receipts: 5000))
        }
        let kept = Array(all[..<4200])
        let new = try Self.chain(of: [rig.act(7000), rig.act(7001)], after: kept.last)
        let questions = Mutex(0)
        try await rig.collect(into: ledger, allowance: ReceiptAllowance(receipts: 5000)) { _, liar in
            questions.withLock { $0 += 1 }
            return try liar.honestly(Self.answer(to: liar.asked, from: kept + new).map(\.bytes))
        }
        #expect(try await ledger.receiptHead(of: Self.host).digest == new.last?.digest)
        #expect(questions.withLock { $0 } < 20)
    }

    private struct Link: Sendable {
        let receipt: Receipt
        let bytes: [UInt8]
        var digest: Digest { SHA256.digest(of: bytes) }
    }

    private static func chain(of acts: [HostAct], after last: Link? = nil) throws -> [Link] {
        var links: [Link] = []
        for act in acts {
            let previous = links.last ?? last
            let sequence = (previous?.receipt.sequence ?? 0) + 1
            let receipt = Receipt(host: host, sequence: sequence, previous: previous?.digest, act: act)
            links.append(Link(receipt: receipt, bytes: try CanonicalJSON.encode(receipt)))
        }
        return links
    }

    /// What a host with this chain answers.
    private static func answer(to asked: ReceiptHead, from chain: [Link]) -> ArraySlice<Link> {
        let place = Int(asked.sequence)
        let isKnown = (1...chain.count).contains(place) && chain[place - 1].digest == asked.digest
        return chain.dropFirst(isKnown ? place : 0).prefix(ReceiptBatch.most)
    }
}
