import Foundation
import Model
import Testing

@testable import Coordinator

struct WorkspaceBackupTests {
    @Test("What was backed up comes back: ledger, authority, keys with their modes")
    func roundTrip() async throws {
        let scratch = try ScratchWorkspace()
        try scratch.setUp()
        let layout = scratch.workspace.layout
        let identity = try scratch.workspace.ledger().id
        let kept = [
            "\(layout.authority)/intermediate/1/key.pem", "\(layout.authority)/root/key.pem", layout.operatorKey,
            layout.developmentKey, layout.developmentBuilder,
        ]
        let before = try kept.map { try SmallFile.read($0) }
        let backup = WorkspaceBackup(scratch.workspace, tool: try ScratchWorkspace.tool())
        let file = "\(scratch.directory)/backup.tar"
        _ = try await backup.create(file)
        #expect(try scratch.mode(file) == 0o600)
        await #expect(throws: CoordinatorError.self) { try await backup.create(file) }
        await #expect(throws: CoordinatorError.self) { try await backup.restore(file) }
        try FileManager.default.moveItem(atPath: layout.root, toPath: "\(layout.root).old")
        try await backup.restore(file)
        #expect(try kept.map { try SmallFile.read($0) } == before)
        #expect(try kept.prefix(4).allSatisfy { try scratch.mode($0) == 0o600 })
        #expect(try scratch.mode(layout.root) == 0o700)
        #expect(try scratch.workspace.ledger().id == identity)
        #expect(try scratch.workspace.credentials().name == "alice")
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.directory)
        #expect(!names.contains { $0.contains("restoring") })
    }

    @Test("A file that is no backup is refused, and nothing is left behind")
    func foreign() async throws {
        let scratch = try ScratchWorkspace()
        let tool = try ScratchWorkspace.tool()
        let tree = try scratch.makeRelease("dist", content: "one")
        let file = "\(scratch.directory)/dist.tar"
        _ = try await ArtifactPacker(tool: tool).pack(tree, to: file)
        let backup = WorkspaceBackup(scratch.workspace, tool: tool)
        let error = try await #require(throws: CoordinatorError.self) { try await backup.restore(file) }
        #expect(error.code == .backup)
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.directory)
        #expect(names.sorted() == ["dist", "dist.tar", "fleet.yml"])
    }
}
