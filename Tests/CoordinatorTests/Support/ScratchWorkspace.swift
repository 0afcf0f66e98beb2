import Artifacts
import Configuration
import Foundation
import Model
import Testing

@testable import Coordinator

/// A workspace in a directory of its own, which goes away with this object.
final class ScratchWorkspace: Sendable {
    let directory: String
    let workspace: Workspace

    static let now = WallTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))

    init(fleetFile: String? = ScratchWorkspace.fleetFile) throws {
        let path = FileManager.default.temporaryDirectory.path + "/fleet-workspace-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        directory = try #require(SmallFile.resolve(path))
        workspace = Workspace(fleetFile: "\(directory)/fleet.yml")
        if let fleetFile { try write(fleetFile, to: "fleet.yml") }
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    static let fleetFile = """
        fleet: scratch
        services:
          hello:
            artifacts: published
            environments:
              dev:
                hosts: [h1, h2, h3]
                config: {GREETING: hello}
              production:
                hosts: [h1]
                controlled: true

        """

    @discardableResult
    func setUp(lostLedger: WorkspaceSetup.LostLedger = .refuse) throws -> [WorkspaceSetup.Item] {
        let person = try #require(OperatorName("alice"))
        return try WorkspaceSetup(workspace, fleet: nil, person: person, lostLedger: lostLedger, at: Self.now).run()
    }

    func write(_ text: String, to path: String) throws {
        let url = URL(fileURLWithPath: "\(directory)/\(path)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    /// A tree that can be deployed as `hello`; its content tells it from others.
    func makeRelease(_ name: String, content: String, service: String = "hello") throws -> String {
        try write("service: \(service)\nunit: systemd/\(service).service\n", to: "\(name)/service.yml")
        try write("[Service]\nExecStart=/bin/true\n", to: "\(name)/systemd/\(service).service")
        try write(content, to: "\(name)/content")
        return "\(directory)/\(name)"
    }

    /// The real `fleet-unpack`, as the build made it.
    static func tool() throws -> UnpackTool {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let builds = ["debug", "release"].map { root.appendingPathComponent(".build/\($0)/fleet-unpack").path }
        let path = try #require(builds.first { SmallFile.isExecutable($0) }, "fleet-unpack must be built first")
        return try UnpackTool(path: path)
    }

    func catalog(_ ledger: Ledger) throws -> ArtifactCatalog {
        ArtifactCatalog(
            workspace,
            configuration: try workspace.configuration(),
            ledger: ledger,
            store: try workspace.artifacts(),
            tool: try Self.tool()
        )
    }
}
