import Coordinator
import Testing

/// What can't be made again, as people keep it and get it back.
struct KeepingTests {
    @Test("A backup brings back a workspace that is lost, and replaces none")
    func backup() async throws {
        let fleet = try await ScratchFleet()
        let layout = fleet.workspace.layout
        let identity = try fleet.workspace.ledger().id
        let file = "\(fleet.directory)/backup.tar"
        #expect(try await fleet.fleet("backup", "create", file, code: 0).messages.contains("private keys"))
        #expect(try await fleet.fleet("backup", "create", file, code: 2).messages.contains("exists already"))
        #expect(try await fleet.fleet("backup", "restore", file, code: 2).messages.contains("exists already"))
        try fleet.remove(layout.root)
        #expect(try await fleet.fleet("status", code: 64).messages.contains("fleet init"))
        try await fleet.fleet("backup", "restore", file, code: 0)
        #expect(try fleet.workspace.ledger().id == identity)
        try await fleet.fleet("status", code: 0)
    }

    @Test("Without its ledger no rollout starts, and nothing begins a new history by itself")
    func lostLedger() async throws {
        let fleet = try await ScratchFleet()
        let ledger = fleet.workspace.layout.ledger
        for suffix in ["", "-wal", "-shm"] where SmallFile.exists(ledger + suffix) { try fleet.remove(ledger + suffix) }
        let rollout = try await fleet.fleet(
            "rollout",
            "hello",
            "\(fleet.directory)/dist",
            "--env",
            "dev",
            "--yes",
            code: 64
        )
        #expect(rollout.messages.contains("'fleet backup restore FILE'"))
        try await fleet.fleet("doctor", code: 2)
        try await fleet.fleet("init", code: 64)
        #expect(!SmallFile.exists(ledger))
        try await fleet.fleet("init", "--new-ledger", code: 0)
        #expect(SmallFile.exists(ledger))
    }
}
