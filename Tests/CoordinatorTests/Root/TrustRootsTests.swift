import Configuration
import Foundation
import Model
import Testing
import Trust

@testable import Coordinator

struct TrustRootsTests {
    private let scratch: ScratchWorkspace
    private let roots: TrustRoots
    private let keys: [String: SigningKey]

    init() throws {
        scratch = try ScratchWorkspace()
        try scratch.setUp()
        roots = TrustRoots(scratch.workspace)
        keys = ["ada": try .generate(), "bob": try .generate(.p256), "eve": try .generate()]
    }

    private func key(_ name: String) throws -> SigningKey { try #require(keys[name]) }

    private func added(_ names: String...) throws -> [TrustRoot.Key] {
        try names.map { TrustRoot.Key(name: $0, key: try key($0).publicKey) }
    }

    private func sign(by names: String...) throws {
        var proposal = try #require(try roots.proposal())
        for name in names { try proposal.sign(with: try key(name)) }
        try roots.write(proposal)
    }

    /// Version 1: two of Ada, Bob and Eve.
    private func first() throws {
        _ = try roots.propose(RootChange(added: try added("ada", "bob", "eve")))
        try sign(by: "ada", "eve")
        #expect(try roots.adopt().count == 1)
    }

    @Test("A proposal holds the workspace's files, and is adopted when enough people have signed it")
    func succession() throws {
        #expect(try roots.chain().isEmpty)
        let proposal = try roots.propose(RootChange(added: try added("ada", "bob", "eve"))).root
        #expect(proposal.version == 1 && proposal.threshold == 2)
        #expect(proposal.files.map(\.path) == ["builders/development.json"])
        #expect(throws: TrustError.self) { try roots.adopt() }
        try sign(by: "ada")
        #expect(throws: TrustError.self) { try roots.adopt() }
        try sign(by: "eve")
        #expect(try roots.adopt().map(\.root) == [proposal])
        #expect(try roots.proposal() == nil)
        #expect(try roots.adopt().map(\.root) == [proposal])

        // Eve leaves, the development key goes, a policy comes.
        let ci = TrustedBuilder(builder: "https://ci", key: try SigningKey.generate().publicKey)
        try scratch.write(String(decoding: try ci.json(), as: UTF8.self), to: ".fleet/builders/ci.json")
        try SmallFile.remove(scratch.workspace.layout.developmentBuilder)
        try scratch.write("rules: [{builders: 1}]\n", to: ".fleet/policy.yml")
        let next = try roots.propose(RootChange(removed: ["eve"])).root
        #expect(next.version == 2 && next.keys.map(\.name) == ["ada", "bob"])
        #expect(next.files.map(\.path) == ["builders/ci.json", "policy.yml"])
        try sign(by: "bob", "ada")
        #expect(try roots.adopt().map(\.root.version) == [1, 2])
        #expect(try roots.chain().last?.root == next)
    }

    @Test("What can't be proposed is named: an unknown key, a broken file")
    func refusals() throws {
        try first()
        let unknown = #expect(throws: CoordinatorError.self) { try roots.propose(RootChange(removed: ["mallory"])) }
        #expect(unknown?.advice.contains("no key 'mallory'") == true)
        try scratch.write("rules: [{builder: 1}]", to: ".fleet/policy.yml")
        #expect(throws: ConfigurationError.self) { try roots.propose(RootChange()) }
        try scratch.write("rules: [{builders: 1}]", to: ".fleet/policy.yml")
        try scratch.write("no such line", to: ".fleet/approvers")
        #expect(throws: TrustError.self) { try roots.propose(RootChange()) }
    }

    @Test("A chain with a forged version is refused as a whole")
    func forgedChain() throws {
        try first()
        let held = try #require(try roots.chain().last?.root)
        let forged = try TrustRoot(
            fleet: held.fleet,
            version: 2,
            threshold: 1,
            keys: try added("eve"),
            files: held.files
        )
        var signed = try SignedRoot(forged)
        try signed.sign(with: try key("eve"))
        try scratch.write(String(decoding: try signed.json(), as: UTF8.self), to: ".fleet/trust/root-2.json")
        let error = #expect(throws: TrustError.self) { try roots.chain() }
        #expect(error?.code == .rootRefused)
    }

    @Test("Enrolment brings a new host the root with exactly its files, and leaves a host that follows one alone")
    func enrolment() async throws {
        let host = try #require(HostID("web-1"))
        let place = "\(scratch.directory)/host"
        func enrol() async throws {
            let material = try HostMaterial.make(host, in: scratch.workspace, port: 7443, at: ScratchWorkspace.now)
            let script = material.installScript().replacingOccurrences(of: "/etc/fleet", with: "\(place)/etc/fleet")
            _ = try await ExternalCommand(["sh", "-eu"], input: Array(script.utf8)).succeed()
        }
        let trust = "\(place)/etc/fleet/trust"
        // Before there is a root: whatever lies in the workspace.
        try await enrol()
        try scratch.write("{}", to: "host/etc/fleet/trust/builders/stale.json")
        #expect(!SmallFile.exists("\(trust)/root.json"))
        // The first root: nobody stays believed whom it does not name.
        try first()
        try await enrol()
        #expect(try SmallFile.names(in: "\(trust)/builders") == ["development.json"])
        let present = try roots.bytes(of: 1)
        #expect(try SmallFile.read("\(trust)/root.json") == present)
        // Another workspace, or one with an older root, does not take it back.
        try scratch.write("newer", to: "host/etc/fleet/trust/root.json")
        try scratch.write("newer", to: "host/etc/fleet/trust/builders/ci.json")
        try await enrol()
        #expect(try SmallFile.read("\(trust)/root.json") == Array("newer".utf8))
        #expect(try SmallFile.names(in: "\(trust)/builders") == ["ci.json", "development.json"])
    }

    @Test("A proposal that waits for signatures keeps nobody from the present root")
    func waiting() throws {
        _ = try roots.propose(RootChange(added: try added("ada", "bob", "eve")))
        #expect(throws: TrustError.self) { try roots.publishable() }
        try sign(by: "ada", "eve")
        #expect(try roots.publishable().waiting == nil)
        let next = try roots.propose(RootChange(removed: ["eve"])).root
        for _ in 0..<2 {
            let (chain, waiting) = try roots.publishable()
            #expect(chain.map(\.root.version) == [1])
            #expect(waiting != nil)
            #expect(try roots.proposal()?.root == next, "it is still there to be signed")
        }
        try sign(by: "ada", "bob")
        let (chain, waiting) = try roots.publishable()
        #expect(chain.map(\.root.version) == [1, 2] && waiting == nil)
    }

    @Test("What is published is recorded, with who did not take it")
    func recorded() async throws {
        try first()
        let ledger = try scratch.workspace.ledger()
        let dialer = try HostDialer(
            try scratch.workspace.credentials(),
            patience: .milliseconds(200),
            logger: TestLog.silent
        )
        // Nobody listens there.
        let host = Model.Host(id: HostID(validated: "h1"), address: "127.0.0.1", port: 1)
        let publication = try RootPublication(dialer, roots: try roots.chain())
        _ = try await publication.bring(to: [host], recordedIn: ledger, by: Author(name: "alice", place: "laptop"))
        let bytes = try #require(try await ledger.recordBytes(after: 0, limit: 100).last)
        let record = try CanonicalJSON.decode(LedgerRecord.self, from: bytes)
        #expect(record.kind == .trustPublished && record.by == "alice" && record.outcome == "failed")
        #expect(record.hosts == [host.id] && record.after?.hasPrefix("version 1, ") == true)
        #expect(record.why?.contains("h1") == true)
    }
}
