import Model
import Testing
import Trust

@testable import Coordinator

/// What a token allows, and what of it the ledger keeps.
struct JoinTokenRulesTests {
    private static let now = ScratchWorkspace.now
    private static let host = HostID(validated: "web-1")
    private static let id = digest(1)
    private static let key = digest(2)
    private static let guest = Author(name: "web-1", place: "192.0.2.7")

    private static func digest(_ byte: UInt8) -> Digest { Digest(bytes: [UInt8](repeating: byte, count: 32)) }

    private static func token() -> IssuedToken {
        IssuedToken(id: id, host: host, madeBy: "alice", madeAt: now, until: now + .hours(1))
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let code: String?
        var host = JoinTokenRulesTests.host
        var after = TimeSpan.minutes(1)
        var change: @Sendable (inout IssuedToken) -> Void = { _ in }
    }

    @Test(
        "A token is good for its host, in its time, and once spent for the key that it was spent on",
        arguments: [
            Row(testDescription: "new", code: nil),
            Row(testDescription: "in its last moment", code: nil, after: .milliseconds(3_599_999)),
            Row(testDescription: "at its end", code: "join.expired", after: .hours(1)),
            Row(testDescription: "for another host", code: "join.other_host", host: HostID(validated: "web-2")),
            Row(testDescription: "spent on the same key", code: nil) { $0.key = key },
            Row(testDescription: "spent on another key", code: "join.used") { $0.key = digest(3) },
            Row(testDescription: "spent on the same key, after its end", code: "join.expired", after: .hours(2)) {
                $0.key = key
            },
            Row(testDescription: "revoked", code: "join.revoked") { $0.revokedAt = now },
            Row(testDescription: "revoked after it was used", code: "join.revoked") {
                $0.key = key
                $0.revokedAt = now
            },
            Row(testDescription: "answered too often", code: "join.exhausted") {
                $0.key = key
                $0.answers = IssuedToken.mostAnswers
            },
        ]
    )
    func rules(_ row: Row) {
        var token = Self.token()
        row.change(&token)
        #expect(token.refusal(for: row.host, key: Self.key, at: Self.now + row.after)?.code == row.code)
    }

    @Test("A token that was spent ends, too, with the next one and with its host: a thief's key gets nothing more")
    func spentOnesEnd() async throws {
        let scratch = try ScratchWorkspace()
        try scratch.setUp()
        let ledger = try scratch.workspace.ledger()
        func ask(_ id: Digest) async throws -> Result<Void, JoinRefusal> {
            try await ledger.redeem(id, for: Self.host, key: Self.key, by: Self.guest, at: Self.now)
        }
        try await ledger.add(Self.token(), by: .here("alice"))
        try await ask(Self.id).get()
        let next = IssuedToken(
            id: Self.digest(4),
            host: Self.host,
            madeBy: "alice",
            madeAt: Self.now,
            until: Self.now + .hours(1)
        )
        try await ledger.add(next, by: .here("alice"))
        let first = try await ask(Self.id)
        #expect(throws: JoinRefusal.revoked(Self.now)) { try first.get() }
        try await ask(next.id).get()
        try await ledger.revokeJoinTokens(of: [Self.host], by: .here("alice"), at: Self.now, because: "revoked")
        let second = try await ask(next.id)
        #expect(throws: JoinRefusal.revoked(Self.now)) { try second.get() }
    }

    @Test("A spent token that is tried without end leaves a bounded number of records, the last of which says so")
    func bounded() async throws {
        let scratch = try ScratchWorkspace()
        try scratch.setUp()
        let ledger = try scratch.workspace.ledger()
        try await ledger.add(Self.token(), by: .here("alice"))
        try await ledger.redeem(Self.id, for: Self.host, key: Self.key, by: Self.guest, at: Self.now).get()
        let before = try await ledger.tree().size
        for _ in 0..<25 {
            let answer = try await ledger.redeem(
                Self.id,
                for: Self.host,
                key: Self.digest(3),
                by: Self.guest,
                at: Self.now
            )
            #expect(throws: JoinRefusal.used(Self.now)) { try answer.get() }
        }
        let size = try await ledger.tree().size
        #expect(size - before == Int64(IssuedToken.mostRecordedRefusals))
        let last = try #require(try await ledger.recordBytes(after: size - 1, limit: 1).first)
        let record = try CanonicalJSON.decode(LedgerRecord.self, from: last)
        #expect(record.why?.hasSuffix("later refusals are not recorded") == true)
        #expect(try await ledger.joinTokens().first?.refusals == 25)
    }

    @Test("The ledger keeps nothing of a token by which somebody could join")
    func stored() async throws {
        let scratch = try ScratchWorkspace()
        try scratch.setUp()
        let token = try await JoinTokens(scratch.workspace).make(for: Self.host, valid: .hours(1), at: Self.now)
        let text = String(decoding: try token.text().reveal(), as: UTF8.self)
        let parts = [Array(text.utf8), try #require(Base64.decode(String(text.dropFirst(13))))]
        let seed = String(decoding: parts[1], as: UTF8.self).split(separator: "\"")[11]
        #expect(Base64.decode(String(seed))?.count == 32)
        var stored = ""
        for name in ["ledger.db", "ledger.db-wal"] {
            let path = "\(scratch.workspace.layout.root)/\(name)"
            if SmallFile.exists(path) { stored += String(decoding: try SmallFile.read(path), as: UTF8.self) }
        }
        #expect(stored.contains(token.id.hex))
        #expect(!stored.contains(seed) && !stored.contains(text))
    }

    /// How many of so many things that an address says at a time are looked at.
    private static func heard(_ attempts: inout JoinAttempts, _ count: Int, _ address: String, at now: WallTime) -> Int
    {
        var heard = 0
        for _ in 0..<count where attempts.begin(address, at: now) { heard += 1 }
        return heard
    }

    @Test("An address is not listened to after ten refusals, until the first of them is ten minutes ago; another is")
    func attempts() {
        var attempts = JoinAttempts()
        for second in 0..<Int64(JoinAttempts.most) {
            let heard = Self.heard(&attempts, 1, "192.0.2.7", at: Self.now + .seconds(second))
            #expect(heard == 1)
        }
        let early = Self.heard(&attempts, 1, "192.0.2.7", at: Self.now + .minutes(9))
        let other = Self.heard(&attempts, 1, "192.0.2.8", at: Self.now + .minutes(9))
        let later = Self.heard(&attempts, 3, "192.0.2.7", at: Self.now + .minutes(10))
        #expect(early == 0 && other == 1 && later == 1)
    }

    @Test("What has no answer yet counts as refused, and what was granted does not count")
    func attemptsAtOnce() {
        var attempts = JoinAttempts()
        let atOnce = Self.heard(&attempts, 64, "192.0.2.7", at: Self.now)
        attempts.granted("192.0.2.7", begun: Self.now)
        let more = Self.heard(&attempts, 64, "192.0.2.7", at: Self.now)
        #expect(atOnce == JoinAttempts.most && more == 1)
    }

    @Test("The log hears once in ten minutes that an address is not listened to, and of no more than it can bear")
    func attemptsAreNewsOnce() {
        var attempts = JoinAttempts()
        var told = 0
        for second in 0..<Int64(50) where attempts.isNews("192.0.2.7", at: Self.now + .seconds(second)) { told += 1 }
        #expect(told == 1)
        let later = Self.now + .minutes(11)
        for number in 0..<2 * JoinAttempts.mostAddresses where attempts.isNews("address \(number)", at: later) {
            told += 1
        }
        #expect(told == 1 + JoinAttempts.mostAddresses)
    }

    @Test("However many addresses guess, few are remembered, and the latest are")
    func manyAddresses() {
        var attempts = JoinAttempts()
        for second in 0..<Int64(JoinAttempts.mostAddresses + 5) {
            _ = Self.heard(&attempts, JoinAttempts.most, "address \(second)", at: Self.now + .milliseconds(second))
        }
        let latest = "address \(JoinAttempts.mostAddresses + 4)"
        let heard = Self.heard(&attempts, 1, latest, at: Self.now + .seconds(2))
        let forgotten = Self.heard(&attempts, 1, "address 0", at: Self.now + .seconds(2))
        #expect(heard == 0 && forgotten == 1)
    }
}
