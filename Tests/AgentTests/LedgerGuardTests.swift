import Activation
import Configuration
import Foundation
import Logging
import Model
import Storage
import Testing
import Trust

@testable import Agent

/// A host that is shown ledgers: honest ones, rewritten ones, cut off ones, and those of strangers.
struct LedgerGuardTests {
    private let scratch = Scratch()
    private let journal: AgentJournal
    private let paths: AgentPaths
    private let fleet = FleetName(validated: "example")
    private let ledger = LedgerID(validated: "0d9f2c34-0000-4000-8000-000000000001")
    private let key: SigningKey
    private let guarding: LedgerGuard

    init() throws {
        var paths = AgentPaths()
        paths.trust = "\(scratch.path)/trust"
        self.paths = paths
        try FileManager.default.createDirectory(atPath: paths.ledgers, withIntermediateDirectories: true)
        journal = try AgentJournal(path: "\(scratch.path)/agent.db", thread: DedicatedThread(name: "test"))
        key = try SigningKey.generate()
        guarding = LedgerGuard(fleet: fleet, paths: paths, journal: journal, logger: Logger(label: "test"))
        try write("\(NoteKey(name: "fleet/example/\(ledger)", key: key.publicKey))\n", to: "ledgers/\(ledger)")
    }

    private func write(_ text: String, to path: String) throws {
        let path = "\(paths.trust)/\(path)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    }

    private static func leaves(_ count: Int, fork: Int = .max) -> [Digest] {
        (0..<count).map { AuditTree.leaf(Array("record \($0)\($0 < fork ? "" : " rewritten")".utf8)) }
    }

    private func signed(
        _ leaves: [Digest],
        _ id: LedgerID? = nil,
        by key: SigningKey? = nil
    ) throws -> SignedCheckpoint {
        var tree = AuditTree()
        for leaf in leaves { tree.append(leaf: leaf) }
        return try SignedCheckpoint(LedgerOrigin(fleet: fleet, ledger: id ?? ledger), tree, signedWith: key ?? self.key)
    }

    /// Shows the host a ledger of `leaves`, with the proof from `since`.
    private func show(
        _ leaves: [Digest],
        since: Int,
        _ purpose: Purpose = .deploy,
        of id: LedgerID? = nil,
        by key: SigningKey? = nil
    ) async throws -> Reading {
        let proof = since <= leaves.count ? AuditProof.consistency(from: since, in: leaves) : []
        let history = LedgerHistory(
            checkpoint: try signed(leaves, id, by: key).note,
            since: Int64(since),
            proof: proof,
            purpose: purpose
        )
        return try await guarding.judge(claim(of: id ?? ledger), history)
    }

    private func claim(of ledger: LedgerID) -> Claim {
        Claim(
            service: ServiceName(validated: "web"),
            environment: EnvironmentName(validated: "test"),
            rollout: RolloutID(ledger: ledger, number: 1),
            epoch: Epoch(1),
            holder: "alice@laptop",
            since: WallTime(milliseconds: 0)
        )
    }

    private func message(_ reading: Reading) throws -> String {
        guard case .broken(let failure, _) = reading else {
            Issue.record("the ledger was believed")
            return ""
        }
        #expect(failure.code == .ledgerRefused)
        return failure.message
    }

    private static let now = WallTime(milliseconds: 1_790_000_000_000)

    // MARK: Histories

    @Test("A ledger that grows is believed each time, also one that has not grown")
    func grows() async throws {
        #expect(try await show(Self.leaves(5), since: 0) == .continued)
        #expect(try await show(Self.leaves(5), since: 5) == .continued)
        #expect(try await show(Self.leaves(12), since: 5) == .continued)
        #expect(try await journal.checkpoints() == [try signed(Self.leaves(12)).note])
        #expect(try await journal.ledgerRefusal() == nil)
    }

    @Test("A rewritten record, a ledger that was cut off and an old copy are refused, and nothing is forgotten")
    func rewritten() async throws {
        _ = try await show(Self.leaves(12), since: 0)
        let rewritten = try await message(show(Self.leaves(20, fork: 3), since: 12))
        #expect(rewritten.contains("rewritten or cut off") && rewritten.contains("fleet audit recover"))
        #expect(try await journal.ledgerRefusal() == rewritten)
        #expect(try await message(show(Self.leaves(7), since: 12)).contains("7 records, fewer than the 12 seen"))
        #expect(try await message(show(Self.leaves(12, fork: 11), since: 12)).contains("rewritten"))
        #expect(try await journal.checkpoints() == [try signed(Self.leaves(12)).note])
        #expect(try await show(Self.leaves(13), since: 12) == .continued)
        #expect(try await journal.ledgerRefusal() == nil, "the ledger has shown that it is whole")
    }

    @Test("Of two forks the host believes the one that it saw first")
    func forks() async throws {
        _ = try await show(Self.leaves(4), since: 0)
        #expect(try await show(Self.leaves(8), since: 4) == .continued)
        _ = try await message(show(Self.leaves(9, fork: 5), since: 8))
        // A proof from where both were one does not help.
        await #expect(throws: Failure.self) { try await show(Self.leaves(9, fork: 5), since: 4) }
        #expect(try await show(Self.leaves(9), since: 8) == .continued)
    }

    @Test("A proof from an older place is asked for anew, and is no accusation")
    func moved() async throws {
        _ = try await show(Self.leaves(4), since: 0)
        let failure = await #expect(throws: Failure.self) { try await show(Self.leaves(6), since: 3) }
        #expect(failure?.code == .ledgerMoved)
        #expect(try await journal.ledgerRefusal() == nil)
    }

    @Test("A stolen name with another key, and a checkpoint of another ledger, are refused")
    func stolen() async throws {
        let thief = try SigningKey.generate()
        #expect(try await message(show(Self.leaves(5), since: 0, by: thief)).contains("is not signed with the key of"))
        let other = LedgerID(validated: "0d9f2c34-0000-4000-8000-000000000002")
        #expect(try await message(show(Self.leaves(5), since: 0, of: other)).contains("does not know"))
        let history = LedgerHistory(
            checkpoint: try signed(Self.leaves(5), other).note,
            since: 0,
            proof: [],
            purpose: .deploy
        )
        _ = try await message(guarding.judge(claim(of: ledger), history))
        #expect(try await journal.checkpoints().isEmpty)
    }

    @Test("A claim without a history is refused, whatever it is for")
    func missing() async throws {
        let reading = try await guarding.judge(claim(of: ledger), nil)
        guard case .broken(_, purpose: .deploy) = reading else {
            Issue.record("\(reading)")
            return
        }
    }

    // MARK: An approver's word

    private func sign(_ bytes: [UInt8], with name: String, for namespace: String) throws -> [UInt8] {
        let file = "\(scratch.path)/statement"
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        try? FileManager.default.removeItem(atPath: "\(file).sig")  // of an earlier signature
        try run(["-q", "-Y", "sign", "-f", "\(scratch.path)/\(name)", "-n", namespace, file])
        return [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(file).sig")))
    }

    private func makeKey(_ name: String) throws -> String {
        try run(["-q", "-N", "", "-C", name, "-t", "ed25519", "-f", "\(scratch.path)/\(name)"])
        return try String(contentsOfFile: "\(scratch.path)/\(name).pub", encoding: .utf8)
    }

    private func run(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/ssh-keygen")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    private func word(
        _ statement: LedgerStatement,
        signedBy name: String,
        for namespace: String? = nil
    ) throws -> LedgerWord {
        let bytes = try CanonicalJSON.encode(statement)
        let signature = try sign(bytes, with: name, for: namespace ?? statement.kind.namespace)
        return LedgerWord(statement: bytes, signature: signature)
    }

    @Test("A new ledger is believed once an approver has introduced it, and at nobody else's word")
    func introduced() async throws {
        try write("bob \(try makeKey("bob"))", to: "approvers")
        _ = try makeKey("mallory")
        let other = LedgerID(validated: "0d9f2c34-0000-4000-8000-000000000002")
        let otherKey = try SigningKey.generate()
        let name = try NoteKey(name: "fleet/example/\(other)", key: otherKey.publicKey)
        let statement = LedgerStatement(.introduction, ledger: name, at: Self.now, why: "a second coordinator")
        let lies = [
            try word(statement, signedBy: "mallory"), try word(statement, signedBy: "bob", for: "fleet-order"),
            try word(statement, signedBy: "bob", for: "fleet-recovery"),
        ]
        for lie in lies { await #expect(throws: Failure.self) { try await guarding.take(lie, at: Self.now) } }
        var changed = try word(statement, signedBy: "bob")
        changed.statement = try CanonicalJSON.encode(
            LedgerStatement(.introduction, ledger: name, at: Self.now, why: "something else")
        )
        await #expect(throws: Failure.self) { try await guarding.take(changed, at: Self.now) }
        let good = try word(statement, signedBy: "bob")
        await #expect(throws: Failure.self) { try await guarding.take(good, at: Self.now + .days(8)) }
        _ = try await message(show(Self.leaves(2), since: 0, of: other, by: otherKey))
        try await guarding.take(good, at: Self.now)
        #expect(try await show(Self.leaves(2), since: 0, of: other, by: otherKey) == .continued)
    }

    @Test("A restored ledger is believed after a recovery, once, by a host that gives up no more than it names")
    func recovered() async throws {
        try write("bob \(try makeKey("bob"))", to: "approvers")
        _ = try await show(Self.leaves(12), since: 0)
        // Put back to 6 records, and gone on differently.
        let restored = Self.leaves(8, fork: 6)
        _ = try await message(show(restored, since: 12))
        let lost = try signed(Self.leaves(12)).checkpoint
        func statement(_ size: Int64, why: String) throws -> LedgerStatement {
            LedgerStatement(
                .recovery,
                ledger: try NoteKey(name: "fleet/example/\(ledger)", key: key.publicKey),
                at: Self.now,
                why: why,
                checkpoint: try signed(restored),
                lost: LedgerStatement.Lost(size: size, root: lost.root)
            )
        }
        let less = try word(try statement(11, why: "this host was not asked"), signedBy: "bob")
        let failure = await #expect(throws: Failure.self) { try await guarding.take(less, at: Self.now) }
        #expect(failure?.message.contains("12 records") == true)
        let good = try word(try statement(12, why: "the disk broke"), signedBy: "bob")
        try await guarding.take(good, at: Self.now)
        #expect(try await journal.ledgerRefusal() == nil)
        #expect(try await show(Self.leaves(10, fork: 6), since: 8) == .continued)
        // Said again, it gives up nothing that was seen since.
        try await guarding.take(good, at: Self.now)
        #expect(try await journal.checkpoints() == [try signed(Self.leaves(10, fork: 6)).note])
    }
}
