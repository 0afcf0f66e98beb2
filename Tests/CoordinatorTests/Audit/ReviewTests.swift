import Foundation
import Model
import Rollout
import Testing
import Trust

@testable import Coordinator

/// An emergency, from the broken glass to the other person who has looked at it.
struct ReviewTests {
    private let rig: AuditRig
    private let people: Approvers

    init() throws {
        rig = try AuditRig(hosts: 2, approvals: 1)
        people = try Approvers()
    }

    private var ledger: Ledger { rig.fixture.ledger }
    private var desk: ReviewDesk { ReviewDesk(ledger, rig.signer(of: ledger), people.layout) }

    private func lists() throws -> (approvers: AllowedSigners, breakers: AllowedSigners) {
        (try .load(path: people.layout.approvers), try .load(path: people.layout.breakGlass))
    }

    /// A rollout that night lets go on alone; hosts attest it.
    private func breakGlass() async throws {
        let hosts = MachineHosts(rig.fixture.plan)
        await hosts.onAct { [rig] host, act in
            var act = act
            act.breakGlass = BreakGlass(by: "night@example.com", reason: "outage")
            try await rig.take(act, of: host)
        }
        let rollout = try await rig.fixture.open()
        let engine = try await rig.fixture.engine(rollout, hosts)
        async let running = engine.run(by: "alice@laptop")
        let approvals = ApprovalDesk(ledger: ledger, layout: people.layout)
        var waiting: ApprovalRequest?
        while waiting == nil {
            waiting = try await approvals.pending().first { $0.rollout == rollout.id }
            if waiting == nil { try await Task.sleep(for: .milliseconds(20)) }
        }
        let request = try #require(waiting)
        let signature = try await ApprovalSigner(key: people.key("night"), kind: .breakGlass).sign(request.order)
        let now = CoordinatorClock().wall
        let approval = try await approvals.approval(of: rollout, signature: signature, by: "x", at: now)
        _ = try await ledger.leave(.approve(approval), for: rollout.id, by: approval.person)
        try #require(try await running.outcome == .succeeded)
    }

    /// What somebody signs, and with which key.
    private func review(
        _ statement: ReviewStatement,
        by person: String,
        for use: ApprovalSigner.Use = .review
    ) async throws -> LedgerWord {
        let bytes = try CanonicalJSON.encode(statement)
        let signature = try await ApprovalSigner(key: people.key(person), for: use).sign(bytes)
        return LedgerWord(statement: bytes, signature: signature)
    }

    @Test("A broken glass asks for one review, until another person has signed it", .timeLimit(.minutes(1)))
    func reviewed() async throws {
        try await breakGlass()
        let open = try await desk.open()
        let broken = try #require(open.first)
        #expect(open.count == 1, "one emergency, its signature and a receipt of each of two hosts")
        #expect(broken.by == "night@example.com" && broken.host == nil)
        let (approvers, breakers) = try lists()
        var found = try await rig.verify(approvers: approvers, breakers: breakers)
        #expect(found.openReviews.map(\.record) == [broken.record])
        #expect(found.findings.isEmpty, "\(found.findings)")

        let now = CoordinatorClock().wall
        let statement = try await desk.statement(on: broken.record, because: "it was right", at: now)
        let word = try await review(statement, by: "bob")
        let reviewer = try await desk.take(word, by: Author(name: "bob", place: "laptop"), at: now)
        #expect(reviewer == "bob@example.com")
        #expect(try await desk.open().isEmpty)
        found = try await rig.verify(approvers: approvers, breakers: breakers)
        #expect(found.openReviews.isEmpty && found.findings.isEmpty, "\(found.findings)")
        await #expect(throws: CoordinatorError.self) {
            try await desk.take(word, by: Author(name: "bob", place: "laptop"), at: now)
        }
    }

    @Test("A host can't take the place of who has signed, nor hide a claim that was broken behind an order")
    func kept() throws {
        let (order, receipt) = (SHA256.digest(of: Array("order".utf8)), SHA256.digest(of: Array("receipt".utf8)))
        func broken(by person: String, claim: RolloutID? = nil) throws -> BrokenGlass {
            let release = ReleaseID(version: Version(validated: "2"), digest: order)
            var act = HostAct(
                service: ServiceName(validated: "web"),
                environment: EnvironmentName(validated: "production"),
                outcome: .committed,
                purpose: .deploy,
                release: release,
                order: order,
                by: "root",
                at: WallTime(milliseconds: 0)
            )
            act.breakGlass = BreakGlass(by: person, reason: nil)
            act.brokenClaim = claim
            let said = Receipt(host: HostID(validated: "h1"), sequence: 1, previous: nil, act: act)
            return try #require(BrokenGlass(said, digest: receipt, record: 1))
        }
        let (honest, forged) = (try broken(by: "night@example.com"), try broken(by: "nobody"))
        #expect(honest.key != forged.key)
        #expect(try broken(by: "Night").key == honest.key)
        let claim = try broken(by: "night@example.com", claim: RolloutID(ledger: ledger.id, number: 1))
        #expect(claim.key == receipt && claim.host?.text == "h1")
    }

    @Test("Who has broken the glass, and who is nobody here, do not review it", .timeLimit(.minutes(1)))
    func refused() async throws {
        try await breakGlass()
        let record = try #require(try await desk.open().first).record
        let now = CoordinatorClock().wall
        let statement = try await desk.statement(on: record, because: "fine", at: now)
        let author = Author(name: "eve", place: "laptop")
        // Whoever broke it is an approver, too, under the same name and under another.
        let keys = try String(contentsOfFile: "\(people.key("night")).pub", encoding: .utf8).split(separator: " ")
        let list = try String(contentsOfFile: people.layout.approvers, encoding: .utf8)
        for name in ["night@example.com", "Night", "dawn@example.com"] {
            let line = "\(name) \(keys[0]) \(keys[1])"
            try "\(list)\n\(line)".write(toFile: people.layout.approvers, atomically: true, encoding: .utf8)
            let word = try await review(statement, by: "night")
            let error = await #expect(throws: TrustError.self) { try await desk.take(word, by: author, at: now) }
            #expect(error?.code == .notApproved, "\(name)")
        }
        let stranger = try await review(statement, by: "mallory")
        await #expect(throws: TrustError.self) { try await desk.take(stranger, by: author, at: now) }
        let approval = try await review(statement, by: "bob", for: .approval(.ordinary))
        await #expect(throws: TrustError.self) { try await desk.take(approval, by: author, at: now) }
        var other = statement
        other.breaker = "somebody"
        let dodge = try await review(other, by: "bob")
        await #expect(throws: CoordinatorError.self) { try await desk.take(dodge, by: author, at: now) }
        await #expect(throws: CoordinatorError.self) { try await desk.statement(on: record + 1, because: "x", at: now) }
        #expect(try await desk.open().count == 1)
    }

    @Test("A review that a ledger has made up leaves the emergency open", .timeLimit(.minutes(1)))
    func madeUp() async throws {
        try await breakGlass()
        let broken = try #require(try await desk.open().first)
        let now = CoordinatorClock().wall
        let (approvers, breakers) = try lists()
        let statement = try await desk.statement(on: broken.record, because: "fine", at: now)
        // The coordinator's own check is gone: what mallory signs, and what bob signed of another record, is recorded.
        var other = statement
        other.leaf = SHA256.digest(of: [1])
        for word in [try await review(statement, by: "mallory"), try await review(other, by: "bob")] {
            try await ledger.record(reviewOf: broken, word, by: Author(name: "bob", place: "laptop"), at: now)
        }
        #expect(try await desk.open().isEmpty, "the ledger itself is satisfied")
        let found = try await rig.verify(approvers: approvers, breakers: breakers)
        #expect(found.openReviews.map(\.record) == [broken.record])
        #expect(found.findings.count == 2, "\(found.findings)")
    }

    @Test("What a person breaks on a host itself asks for its own review", .timeLimit(.minutes(1)))
    func local() async throws {
        var act = HostAct(
            service: ServiceName(validated: "web"),
            environment: EnvironmentName(validated: "production"),
            outcome: .committed,
            purpose: .rollback,
            release: rig.fixture.plan.target,
            running: rig.fixture.plan.target,
            by: "root",
            at: CoordinatorClock().wall
        )
        try await rig.take(act, of: 0)
        #expect(try await desk.open().isEmpty, "an ordinary local rollback breaks nothing")
        act.brokenClaim = RolloutID(ledger: ledger.id, number: 1)
        act.reason = "shop is down"
        for host in 0..<2 { try await rig.take(act, of: host) }
        let open = try await desk.open()
        #expect(open.map(\.host?.text) == ["web-1", "web-2"])
        #expect(open.allSatisfy { $0.by == "root" && $0.reason == "shop is down" })
        let found = try await rig.verify()
        #expect(found.openReviews == open && found.localActs == 3)
        let now = CoordinatorClock().wall
        let statement = try await desk.statement(on: open[0].record, because: "right", at: now)
        _ = try await desk.take(
            try await review(statement, by: "alice"),
            by: Author(name: "alice", place: "laptop"),
            at: now
        )
        #expect(try await desk.open().map(\.host?.text) == ["web-2"])
    }
}
