import Activation
import Model
import Testing
import Trust

@testable import Agent

/// A coordinator that was rebuilt to lie, with everything that it may have seen before, moves no host.
struct LyingCoordinatorTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let lie: String
        let code: Failure.Code
        let says: String
        let tell: @Sendable (ApprovalRig) throws -> PrepareOrder
        var testDescription: String { lie }

        init(
            _ lie: String,
            _ code: Failure.Code = .approvalRefused,
            says: String,
            _ tell: @escaping @Sendable (ApprovalRig) throws -> PrepareOrder
        ) {
            self.lie = lie
            self.code = code
            self.says = says
            self.tell = tell
        }
    }

    private static let voided = "was it changed since"

    static let rows: [Row] = [
        Row("no approval", says: "has that of nobody") { try $0.material(try $0.order("2"), "2", by: []) },
        Row("one approval of two", says: "has that of bob@example.com") {
            try $0.material(try $0.order("2"), "2", by: ["bob"])
        },
        Row("one person twice", says: "has that of bob@example.com") {
            try $0.material(try $0.order("2"), "2", by: ["bob", "bob"])
        },
        Row("a person nobody knows", says: "nobody in") {
            try $0.material(try $0.order("2"), "2", by: ["bob", "mallory"])
        },
        Row("signatures for something else", says: "sign with -n fleet-order") {
            try $0.material(try $0.order("2"), "2", by: ["bob", "carol"], for: "git")
        },
        Row("a break-glass signature of somebody who may not", says: "has that of bob@example.com") {
            var material = try $0.material(try $0.order("2"), "2", by: ["bob"])
            material.approvals.append(try $0.sign(material.order, "carol", for: BreakGlassPolicy.namespace))
            return material
        },
        Row("an ordinary approval by a break-glass key", says: "has that of bob@example.com") {
            try $0.material(try $0.order("2"), "2", by: ["bob", "night"])
        },
        Row("an edited plan", says: voided) { try $0.edited { $0.plan = $0.release } },
        Row("more hosts", says: voided) { try $0.edited { $0.hosts.append(HostID(validated: "web-9")) } },
        Row("another requester", says: voided) { try $0.edited { $0.requester = OperatorName(validated: "dave") } },
        Row("later times", says: voided) { try $0.edited { $0.startBy = $0.startBy + .minutes(1) } },
        Row("another artifact under the same order", .orderRefused, says: "the order names release") {
            var material = try $0.material(try $0.order("2"), "2", by: ["bob", "carol"])
            material.release = try CanonicalJSON.encode(ApprovalRig.release("3"))
            return material
        },
        Row("another artifact and its name in the order", says: voided) {
            var material = try $0.edited { $0.release = (try? ApprovalRig.id("3").digest) ?? $0.release }
            material.release = try CanonicalJSON.encode(ApprovalRig.release("3"))
            return material
        },
        Row("an order for other hosts", .orderRefused, says: "does not name web-1") {
            try $0.signed { $0.hosts = [HostID(validated: "web-2")] }
        },
        Row("an order for another environment", .orderRefused, says: "is for web in staging") {
            try $0.signed { $0.environment = EnvironmentName(validated: "staging") }
        },
        Row("an order of an older epoch", .orderRefused, says: "which holds no claim here") {
            try $0.signed { $0.epoch = Epoch(0) }
        },
        Row("an order of another rollout", .orderRefused, says: "which holds no claim here") {
            try $0.signed { $0.rollout = RolloutID(ledger: $0.rollout.ledger, number: 99) }
        },
        Row("an order that is over", .orderExpired, says: "was valid until") {
            try $0.signed { $0.validUntil = ApprovalRig.now + .seconds(-1) }
        },
        Row("an order that was to start before", .orderRefused, says: "had to start by") {
            try $0.signed {
                $0.startBy = ApprovalRig.now + .seconds(-1)
                $0.validUntil = ApprovalRig.now + .hours(1)
                $0.catchUpUntil = $0.validUntil
            }
        },
        Row("an order that may start in a year", .orderRefused, says: "an order may wait for") {
            try $0.signed { $0.startBy = ApprovalRig.now + .days(365) }
        },
        Row("an order that is valid for years", .orderRefused, says: "is valid until") {
            try $0.signed { $0.validUntil = ApprovalRig.now + .days(3650) }
        },
        Row("an order without who asked for it", .orderRefused, says: "requester") { rig in
            var material = try rig.material(try rig.order("2"), "2", by: [])
            let text = String(decoding: material.order, as: UTF8.self)
            let requester = #""requester":"alice@laptop","#
            try #require(text.contains(requester))
            material.order = Array(text.replacing(requester, with: "").utf8)
            material.approvals = try ["bob", "carol"].map { try rig.sign(material.order, $0) }
            return material
        },
        Row("an order that is not canonical", .orderRefused, says: "can't be read") {
            var material = try $0.material(try $0.order("2"), "2", by: ["bob", "carol"])
            material.order.append(0x20)
            return material
        },
    ]

    @Test("A lie is refused by its rule, and nothing can be activated after it", arguments: rows)
    func refuses(_ row: Row) throws {
        let rig = try ApprovalRig()
        try rig.deploy("1")
        try rig.nextRollout()
        guard case .refused(let failure) = try rig.say(.prepare(try row.tell(rig))) else {
            Issue.record("the host took it")
            return
        }
        #expect(failure.code == row.code, "\(failure)")
        #expect(failure.message.contains(row.says), "\(failure)")
        for version in ["2", "3"] {
            guard case .refused = try rig.activate(version) else {
                Issue.record("the host switched to \(version)")
                return
            }
        }
        #expect(rig.current?.id == (try ApprovalRig.id("1")))
    }

    @Test("What two other people have approved is deployed; who asked for it is one of two, and never the only one")
    func approved() throws {
        let rig = try ApprovalRig()
        try rig.deploy("1")
        try rig.nextRollout()
        let two = try rig.say(.prepare(try rig.material(try rig.order("2"), "2", by: ["alice", "bob"])))
        #expect(two == .prepared(try ApprovalRig.id("2")))
        #expect(try rig.activate("2") == .awaitingCommit(try ApprovalRig.id("2")))
        let lenient = try ApprovalRig(approvals: 1)
        _ = try lenient.claim()
        let own = try lenient.material(try lenient.order("1"), "1", by: ["alice"])
        guard case .refused(let failure) = try lenient.say(.prepare(own)) else {
            Issue.record("alice has approved what she asked for")
            return
        }
        #expect(failure.message.contains("may not be the only one"), "\(failure)")
    }

    @Test("An order that was used is worth nothing under a later claim")
    func replayed() throws {
        let rig = try ApprovalRig()
        try rig.deploy("1")
        try rig.nextRollout()
        let old = try rig.material(try rig.order("2"), "2", by: ["bob", "carol"])
        try rig.say(.prepare(old))
        try rig.nextRollout()
        guard case .refused(let failure) = try rig.say(.prepare(old)) else {
            Issue.record("a replayed order was taken")
            return
        }
        #expect(failure.message.contains("which holds no claim here"), "\(failure)")
        guard case .refused = try rig.activate("2") else {
            Issue.record("a permit has outlived its claim")
            return
        }
    }

    @Test("Back to the confirmed predecessor needs nobody, and its preparation is no leave to deploy it")
    func wayBack() throws {
        let rig = try ApprovalRig()
        try rig.deploy("1")
        try rig.nextRollout()
        try rig.deploy("2")
        try rig.nextRollout()
        let unapproved = try rig.material(try rig.order("1"), "1", by: [])
        #expect(try rig.say(.prepare(unapproved)) == .prepared(try ApprovalRig.id("1")))
        guard case .refused = try rig.activate("1", .deploy) else {
            Issue.record("deployed without approval")
            return
        }
        #expect(try rig.activate("1", .rollback) == .awaitingCommit(try ApprovalRig.id("1")))
    }

    @Test("A canary that was committed and never confirmed is no way back, nor is anything older: no downgrade")
    func downgrade() throws {
        let rig = try ApprovalRig()
        try rig.deploy("1")
        try rig.nextRollout()
        try rig.deploy("2", isConfirmed: false)
        try rig.nextRollout()
        try rig.deploy("3")
        try rig.nextRollout()
        for version in ["2", "1"] {
            let unapproved = try rig.material(try rig.order(version), version, by: [])
            guard case .refused(let failure) = try rig.say(.prepare(unapproved)) else {
                Issue.record("\(version) was prepared")
                continue
            }
            #expect(failure.code == .approvalRefused)
            guard case .refused = try rig.activate(version, .rollback) else {
                Issue.record("went back to \(version)")
                continue
            }
        }
        #expect(rig.current?.id == (try ApprovalRig.id("3")))
    }

    @Test("A break-glass key stands for all approvals, and the host shows whose and why until an approved release")
    func breakGlass() throws {
        let rig = try ApprovalRig()
        _ = try rig.claim()
        let material = try rig.material(try rig.order("1"), "1", by: ["night"], for: BreakGlassPolicy.namespace)
        #expect(try rig.say(.prepare(material)) == .prepared(try ApprovalRig.id("1")))
        _ = try rig.activate("1")
        try rig.say(.commit(release: try ApprovalRig.id("1").digest))
        #expect(rig.current?.breakGlass == BreakGlass(by: "night", reason: "release"))
        let act = try #require(rig.acts.last)
        #expect(act.breakGlass == rig.current?.breakGlass && act.by == "alice@laptop")
        #expect(act.order == SHA256.digest(of: material.order), "the receipt names the order in its exact bytes")
        try rig.nextRollout()
        try rig.deploy("2")
        #expect(rig.current?.breakGlass == nil)
    }

    @Test("A host that demands approvals and has no list of approvers takes nothing, and says which file is missing")
    func noApprovers() throws {
        let rig = try ApprovalRig()
        try rig.shell("rm trust/approvers")
        _ = try rig.claim()
        let material = try rig.material(try rig.order("1"), "1", by: ["bob", "carol"])
        guard case .refused(let failure) = try rig.say(.prepare(material)) else {
            Issue.record("taken")
            return
        }
        #expect(failure.message.contains("trust/approvers"), "\(failure)")
    }
}
