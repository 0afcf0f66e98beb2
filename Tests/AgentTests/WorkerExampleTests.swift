import Foundation
import HTTP
import Model
import NIOPosix
import Testing

@testable import Agent
@testable import Configuration

/// examples/worker: what its service.yml asks for is what its program does.
struct WorkerExampleTests {
    private static let example = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("examples/worker")

    @Test("The worker that works passes its own check", .timeLimit(.minutes(1)))
    func works() async throws {
        let scratch = Scratch()
        try Self.run(Self.example.appendingPathComponent("build"), ["1.0", "\(scratch.path)/tree"]).waitUntilExit()
        let text = try #require(scratch.text("tree/service.yml"))
        let spec = try ServiceFile.parse(Array(text.utf8), file: "service.yml")
        let kind = try #require(spec.checks.first?.kind)
        guard case .heartbeat(let file, let age) = kind else {
            Issue.record("the worker has no heartbeat")
            return
        }
        // systemd makes the directory for the service; here the test does.
        let name = try #require(file.split(separator: "/").last)
        let check = Check(kind: .heartbeat(file: "\(scratch.path)/run/\(name)", newerThan: age))
        try scratch.write("run/.keep", "")
        let worker = try Self.run(
            URL(fileURLWithPath: "\(scratch.path)/tree/bin/worker"),
            [],
            environment: ["RUNTIME_DIRECTORY": "\(scratch.path)/run", "PATH": "/usr/bin:/bin"]
        )
        defer { worker.terminate() }
        let systemd = try SilentSystemd()
        let group = MultiThreadedEventLoopGroup.singleton
        let runner = CheckRunner(
            systemd: try Systemd(by: systemd.address),
            clock: HostClock(bootID: ""),
            http: HTTPClient(trust: nil, group: group),
            group: group
        )
        let site = CheckSite(service: spec.service, tree: "\(scratch.path)/tree", user: "", group: "")
        while await runner.round([check], of: site).first?.hasPassed != true {
            #expect(worker.isRunning)
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private static func run(
        _ program: URL,
        _ arguments: [String],
        environment: [String: String]? = nil
    ) throws -> Process {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        if let environment { process.environment = environment }
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        return process
    }
}
