import Coordinator
import Foundation
import Model
import Testing

/// A fleet whose hosts are switched off, in a directory of its own that goes away with this object; `fleet` is the built command.
final class ScratchFleet: Sendable {
    let directory: String
    let workspace: Workspace

    init() async throws {
        let path = FileManager.default.temporaryDirectory.path + "/fleet-command-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        directory = try #require(SmallFile.resolve(path))
        workspace = Workspace(fleetFile: "\(directory)/fleet.yml")
        try write(Self.fleetFile, to: "fleet.yml")
        try write("service: hello\nunit: systemd/hello.service\n", to: "dist/service.yml")
        try write("[Service]\nExecStart=/bin/true\n", to: "dist/systemd/hello.service")
        try await fleet("init", "--operator", "alice", code: 0)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// Nobody listens on port 1, so every connection is refused at once.
    private static let fleetFile = """
        fleet: scratch
        services:
          hello:
            environments:
              dev:
                hosts:
                  - {name: h1, address: 127.0.0.1, port: 1, region: eu, zone: a}
                  - {name: h2, address: 127.0.0.1, port: 2, region: eu, zone: b}
                  - {name: h3, address: 127.0.0.1, port: 3, region: us, zone: a, weight: 2}
                capacity: {floor: 50%, window: 50%, regions: {eu: {floor: 1}}}

        """

    /// Runs the command to its end, which must come with `code`.
    @discardableResult
    func fleet(_ words: String..., code: Int32) async throws -> ExternalCommand.Result {
        try await fleet(words, code: code)
    }

    @discardableResult
    func fleet(_ words: [String], code: Int32) async throws -> ExternalCommand.Result {
        let result = try await ExternalCommand([program()] + words + ["--file", workspace.fleetFile]).run()
        #expect(result.status == code, "\(words): \(result.text)\(result.messages)")
        return result
    }

    /// Path of the built command.
    func program() throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let builds = ["debug", "release"].map { root.appendingPathComponent(".build/\($0)/fleet").path }
        return try #require(builds.first { SmallFile.isExecutable($0) }, "fleet must be built first")
    }

    func write(_ text: String, to path: String) throws {
        let url = URL(fileURLWithPath: "\(directory)/\(path)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: path) }
}

extension ExternalCommand.Result {
    /// Standard output as JSON.
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: Data(output))
    }
}
