import Model
import Testing

@testable import Trust

struct ApprovalPolicyTests {
    private let keys = SSHKeys()
    private let order = Array(#"{"plan":"…","release":"…"}"#.utf8)
    private let now = WallTime(milliseconds: 1_772_366_400_000)

    /// Alice with two keys, Bob with one.
    private func policy(_ threshold: Int) throws -> ApprovalPolicy {
        let lines = [
            "alice,alice@example.com \(try keys.make("alice"))", "alice \(try keys.make("laptop", ["ecdsa"]))",
            "bob namespaces=\"fleet-order\" \(try keys.make("bob"))",
        ]
        let text = lines.joined(separator: "\n")
        return ApprovalPolicy(
            signers: try AllowedSigners(parsing: Array(text.utf8), name: "approvers"),
            threshold: threshold
        )
    }

    private func refusal(
        _ policy: ApprovalPolicy,
        _ approvals: [[UInt8]],
        involved: Set<String> = [],
        on order: [UInt8]? = nil
    ) throws -> TrustError {
        try #require(throws: TrustError.self) {
            try policy.verify(approvals, on: order ?? self.order, involved: involved, at: now)
        }
    }

    @Test("Two people are two people, whatever else is in the pile")
    func enough() throws {
        let policy = try policy(2)
        _ = try keys.make("mallory")
        let approvals = [
            Array("junk".utf8), try keys.sign(order, with: "mallory"), try keys.sign(order, with: "bob"),
            try keys.sign(order, with: "laptop"),
        ]
        #expect(try policy.verify(approvals, on: order, involved: ["alice"], at: now) == ["alice", "bob"])
    }

    @Test("Two keys of one person are one approval")
    func onePerson() throws {
        let policy = try policy(2)
        let approvals = [try keys.sign(order, with: "alice"), try keys.sign(order, with: "laptop")]
        let error = try refusal(policy, approvals)
        #expect(error.code == .notApproved)
        #expect(error.advice.contains("of 2 people, and has that of alice"), "\(error)")
    }

    @Test("Any change of the order voids what was signed")
    func changed() throws {
        let policy = try policy(1)
        let approval = try keys.sign(order, with: "bob")
        let error = try refusal(policy, [approval], on: order + [0x20])
        #expect(error.advice.contains("was it changed since"), "\(error)")
    }

    @Test(
        "Who asked or wrote it alone does not approve it alone, under none of their names",
        arguments: ["alice", "alice@example.com"]
    )
    func involved(_ name: String) throws {
        let policy = try policy(1)
        let own = try keys.sign(order, with: "laptop")
        #expect(try refusal(policy, [own], involved: [name]).advice.contains("only one who approves"))
        let both = [own, try keys.sign(order, with: "bob")]
        #expect(try policy.verify(both, on: order, involved: [name], at: now) == ["alice", "bob"])
    }

    @Test("A signature for something else is none for an order")
    func namespace() throws {
        let policy = try policy(1)
        let error = try refusal(policy, [try keys.sign(order, with: "bob", for: "git")])
        #expect(error.advice.contains("-n fleet-order"), "\(error)")
    }

    @Test("Without approvals nobody has approved")
    func none() throws {
        let policy = try policy(1)
        #expect(try refusal(policy, []).advice.contains("has that of nobody"))
        let lenient = ApprovalPolicy(signers: policy.signers, threshold: 0)
        #expect(try lenient.verify([], on: order, involved: [], at: now) == [])
    }
}
