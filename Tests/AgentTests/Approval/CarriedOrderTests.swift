import Activation
import Configuration
import Model
import Testing
import Trust

@testable import Agent

/// An approved order that a person carries to a host which no coordinator reaches: the host judges it as it judges any other.
struct CarriedOrderTests {
    /// What the person types, as the agent hears it.
    private static func request(_ material: PrepareOrder, _ version: String) throws -> LocalRequest {
        let file = try ApprovedOrder(material).bytes()
        let wish = try LocalApply(artifact: "/tmp/web.tar", by: try ApprovedOrder(parsing: file, name: "r1.json"))
        return .apply(try wish.local(of: ApprovalRig.release(version).artifact))
    }

    /// Runs 1, and nobody holds it; the order is of a rollout that never reached it.
    private static func cutOff(_ rig: ApprovalRig) throws {
        try rig.deploy("1")
        try rig.say(.releaseClaim)
        rig.rollout = RolloutID(ledger: rig.rollout.ledger, number: rig.rollout.number + 1)
        rig.epoch = rig.epoch.next
    }

    @Test("What enough people have approved is carried out once, from a file, and leaves the service held")
    func carriedOut() throws {
        let rig = try ApprovalRig()
        try Self.cutOff(rig)
        let request = try Self.request(try rig.material(try rig.order("2"), "2", by: ["bob", "carol"]), "2")
        #expect(try rig.ask(request) == .committed(try ApprovalRig.id("2")))
        #expect(rig.held?.contains("by the order of R2, asked for by alice@laptop") == true, "\(rig.held ?? "")")
        #expect(try rig.ask(.rollback(to: nil)) == .committed(try ApprovalRig.id("1")))
        guard case .refused(let failure) = try rig.ask(request) else {
            Issue.record("carried out twice")
            return
        }
        #expect(failure.message.contains("was accepted"), "\(failure)")
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let what: String
        let says: String
        let tell: @Sendable (ApprovalRig) throws -> PrepareOrder
        var testDescription: String { what }

        init(_ what: String, says: String, _ tell: @escaping @Sendable (ApprovalRig) throws -> PrepareOrder) {
            self.what = what
            self.says = says
            self.tell = tell
        }
    }

    static let rows: [Row] = [
        Row("no order", says: "there is no order that somebody could have approved") { rig in
            var material = try rig.material(try rig.order("2"), "2", by: [])
            material.order = []
            return material
        },
        Row("one approval of two", says: "has that of bob@example.com") {
            try $0.material(try $0.order("2"), "2", by: ["bob"])
        },
        Row("a person nobody knows", says: "nobody in") {
            try $0.material(try $0.order("2"), "2", by: ["bob", "mallory"])
        },
        Row("another requester", says: "was it changed since") {
            try $0.edited { $0.requester = OperatorName(validated: "dave") }
        },
        Row("later times", says: "was it changed since") { try $0.edited { $0.catchUpUntil = $0.startBy } },
        Row("other hosts", says: "does not name web-1") { try $0.signed { $0.hosts = [HostID(validated: "web-2")] } },
        Row("another environment", says: "is for web in staging") {
            try $0.signed { $0.environment = EnvironmentName(validated: "staging") }
        },
        Row("an epoch before the one that was seen", says: "was seen here") { try $0.signed { $0.epoch = Epoch(0) } },
        Row("a time that is over", says: "could be caught up with until") {
            try $0.signed {
                $0.startBy = ApprovalRig.now + .hours(-1)
                $0.validUntil = $0.startBy
                $0.catchUpUntil = $0.startBy
            }
        },
    ]

    @Test("An order that is not good enough is refused by its rule, and nothing runs by it", arguments: rows)
    func refused(_ row: Row) throws {
        let rig = try ApprovalRig()
        try Self.cutOff(rig)
        let material = try row.tell(rig)
        let request: LocalRequest
        if material.order.isEmpty {
            let release = ApprovalRig.release("2")
            request = .apply(LocalRelease(release: release, digest: try release.digest(), material: material))
        } else {
            request = try Self.request(material, "2")
        }
        guard case .refused(let failure) = try rig.ask(request) else {
            Issue.record("carried out")
            return
        }
        #expect(failure.message.contains(row.says), "\(failure)")
        #expect(rig.current?.id == (try ApprovalRig.id("1")))
        #expect(rig.held == nil)
    }

    @Test("Who asked for it is not enough alone; a break-glass key is, and every view says so")
    func breakGlass() throws {
        let rig = try ApprovalRig(approvals: 1)
        try Self.cutOff(rig)
        let own = try Self.request(try rig.material(try rig.order("2"), "2", by: ["alice"]), "2")
        guard case .refused(let failure) = try rig.ask(own) else {
            Issue.record("alice has approved what she asked for")
            return
        }
        #expect(failure.message.contains("may not be the only one"), "\(failure)")
        let material = try rig.material(try rig.order("2"), "2", by: ["night"], for: BreakGlassPolicy.namespace)
        #expect(try rig.ask(try Self.request(material, "2")) == .committed(try ApprovalRig.id("2")))
        #expect(rig.current?.breakGlass == BreakGlass(by: "night", reason: "release"))
        #expect(rig.held?.contains("BREAK-GLASS by night") == true)
    }

    @Test("An order brings exactly its own artifact")
    func artifact() throws {
        let rig = try ApprovalRig()
        let material = try rig.material(try rig.order("2"), "2", by: ["bob", "carol"])
        let wish = try LocalApply(artifact: "/tmp/web.tar", by: try ApprovedOrder(material))
        let failure = #expect(throws: Failure.self) { try wish.local(of: ApprovalRig.release("3").artifact) }
        #expect(failure?.code == .artifactDigest)
    }

    @Test("The file holds the exact bytes, and one that was edited is none")
    func file() throws {
        let rig = try ApprovalRig()
        let material = try rig.material(try rig.order("2"), "2", by: ["bob", "carol"])
        let bytes = try ApprovedOrder(material).bytes()
        #expect(try ApprovedOrder(parsing: bytes, name: "r1.json").material() == material)
        let error = #expect(throws: TrustError.self) { try ApprovedOrder(parsing: [0x20] + bytes, name: "r1.json") }
        #expect(error?.subject == "r1.json")
    }

    // MARK: Going back

    @Test("Going back further than anybody may takes what the policy demands, or an order that has it")
    func leave() async throws {
        let rig = try ApprovalRig()
        let (service, environment) = (ApprovalRig.service, ApprovalRig.environment)
        let key = try SigningKey.generate()
        let builder = try TrustedBuilder(builder: "https://ci.example.com", key: key.publicKey).json()
        try rig.scratch.write("trust/builders/ci.json", String(decoding: builder, as: UTF8.self))
        let systemd = try SilentSystemd()
        let local = try await rig.scratch.runtime(systemd, rig.scratch.configuration).local

        guard case .refused(let demanded) = local.leave(by: nil, service, environment) else {
            Issue.record("nobody is asked")
            return
        }
        #expect(demanded.message.contains("demands the approval of 2 people for web in production"), "\(demanded)")
        #expect(local.leave(by: nil, service, EnvironmentName(validated: "staging")) == .notDemanded)

        var order = try rig.order("1")
        order.startBy = local.host.clock.wall + .hours(1)
        order.validUntil = order.startBy
        order.catchUpUntil = order.startBy
        func leave(by people: [String]) throws -> LocalLeave {
            var material = try rig.material(order, "1", by: people)
            let statement = Provenance(
                artifactName: "web",
                artifact: ApprovalRig.release("1").artifact.digest,
                builder: "https://ci.example.com"
            )
            material.provenance = [try statement.signed(with: key).json()]
            return local.leave(by: try ApprovedOrder(material), service, environment)
        }
        guard case .order(let read, let verdict) = try leave(by: ["bob", "carol"]) else {
            Issue.record("\(try leave(by: ["bob", "carol"]))")
            return
        }
        #expect(read.order == order && verdict == Verdict())
        guard case .refused(let few) = try leave(by: ["bob"]) else {
            Issue.record("one of two is enough")
            return
        }
        #expect(few.message.contains("has that of bob@example.com"), "\(few)")
        try rig.scratch.write("trust/policy.yml", "rules: nonsense\n")
        guard case .refused = local.leave(by: nil, service, environment) else {
            Issue.record("a policy that can't be read demands nothing")
            return
        }
    }
}
