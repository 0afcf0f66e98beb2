import Configuration
import Foundation
import Model
import TLS
import Testing
import Trust

@testable import Coordinator

struct WorkspaceSetupTests {
    @Test("A new workspace has all that a fleet needs, and keys that nobody else can read")
    func first() throws {
        let scratch = try ScratchWorkspace()
        let items = try scratch.setUp()
        let layout = scratch.workspace.layout
        #expect(items.map(\.isNew) == [false, true, true, true, true, true], "fleet.yml was there, the rest is made")
        #expect(try scratch.mode(layout.root) == 0o700)
        #expect(try scratch.mode(layout.operatorKey) == 0o600)
        #expect(try scratch.mode(layout.developmentKey) == 0o600)
        #expect(try String(contentsOfFile: layout.ignoreFile, encoding: .utf8) == "*\n")
        let credentials = try scratch.workspace.credentials()
        #expect(credentials.identity.peer.uri == "spiffe://scratch/operator/alice")
        let trust = try BuilderTrust.load(directory: layout.builders)
        #expect(trust.builders.map(\.builder) == [DevelopmentBuilder.id])
        #expect(trust.builders.first?.key == (try scratch.workspace.developmentKey().publicKey))
    }

    @Test("Setting up again keeps everything as it is")
    func again() throws {
        let scratch = try ScratchWorkspace()
        try scratch.setUp()
        let layout = scratch.workspace.layout
        let paths = [
            scratch.workspace.fleetFile, layout.operatorKey, layout.developmentKey, layout.developmentBuilder,
            "\(layout.authority)/intermediate/1/key.pem",
        ]
        let before = try paths.map { try SmallFile.read($0) }
        #expect(try scratch.setUp().allSatisfy { !$0.isNew })
        #expect(try paths.map { try SmallFile.read($0) } == before)
        #expect(try scratch.workspace.authority().issued().count == 1)
    }

    @Test("What a crash has left out is made by the next run")
    func resumed() throws {
        let scratch = try ScratchWorkspace()
        try scratch.setUp()
        let layout = scratch.workspace.layout
        try FileManager.default.removeItem(atPath: layout.operator)
        try FileManager.default.removeItem(atPath: layout.developmentBuilder)
        try scratch.setUp()
        #expect(try scratch.workspace.credentials().name == "alice")
        #expect(SmallFile.exists(layout.developmentBuilder))
    }

    @Test("A ledger that is lost is not replaced by an empty one unless somebody says so")
    func lostLedger() async throws {
        let scratch = try ScratchWorkspace()
        try scratch.setUp()
        let layout = scratch.workspace.layout
        let first = try scratch.workspace.ledger().id
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: layout.ledger + suffix) }
        let missing = try #require(throws: CoordinatorError.self) { try scratch.workspace.ledger() }
        #expect(missing.code == .workspaceInvalid)
        #expect(missing.advice.contains("'fleet backup restore FILE'") && missing.advice.contains("--new-ledger"))
        let again = try #require(throws: CoordinatorError.self) { try scratch.setUp() }
        #expect(again == missing)
        let doctor = WorkspaceDoctor(scratch.workspace, at: ScratchWorkspace.now).examine()
        #expect(doctor.first { $0.subject == layout.ledger }?.severity == .problem)
        #expect(!SmallFile.exists(layout.ledger), "looking makes none")
        let items = try scratch.setUp(lostLedger: .replace)
        #expect(items.filter(\.isNew).map(\.path) == [layout.ledger])
        #expect(try scratch.workspace.ledger().id != first)
    }

    @Test("The fleet.yml that is made can be read, and bears the fleet's name")
    func template() throws {
        let scratch = try ScratchWorkspace(fleetFile: nil)
        let fleet = try #require(FleetName("acme"))
        let person = try #require(OperatorName("alice"))
        let setup = WorkspaceSetup(scratch.workspace, fleet: fleet, person: person, at: ScratchWorkspace.now)
        #expect(try setup.run().allSatisfy(\.isNew))
        #expect(try scratch.workspace.configuration().fleet == fleet)
    }

    @Test("A fleet keeps its name")
    func otherName() throws {
        let scratch = try ScratchWorkspace()
        try scratch.setUp()
        let text = ScratchWorkspace.fleetFile.replacingOccurrences(of: "fleet: scratch", with: "fleet: other")
        try scratch.write(text, to: "fleet.yml")
        let error = try #require(throws: CoordinatorError.self) { try scratch.setUp() }
        #expect(error.code == .workspaceInvalid)
        #expect(error.advice.contains("'scratch'"))
    }

    @Test("A workspace is found from any directory below it")
    func found() throws {
        let scratch = try ScratchWorkspace()
        try scratch.write("", to: "a/b/c")
        let found = try Workspace.find(named: nil, from: "\(scratch.directory)/a/b")
        #expect(found.fleetFile == scratch.workspace.fleetFile)
        #expect(try Workspace.find(named: scratch.directory, from: "/").fleetFile == scratch.workspace.fleetFile)
        let error = try #require(throws: CoordinatorError.self) { try Workspace.find(named: nil, from: "/") }
        #expect(error.code == .workspaceMissing)
    }

    @Test("One process at a time runs a rollout")
    func lock() throws {
        let scratch = try ScratchWorkspace()
        try scratch.setUp()
        let ledger = try #require(LedgerID("00000000-0000-4000-8000-000000000000"))
        let rollout = RolloutID(ledger: ledger, number: 17)
        let lock = try #require(try RolloutLock.take(rollout, in: scratch.workspace.layout))
        #expect(try RolloutLock.take(rollout, in: scratch.workspace.layout) == nil)
        lock.release()
        #expect(try RolloutLock.take(rollout, in: scratch.workspace.layout) != nil)
    }
}
