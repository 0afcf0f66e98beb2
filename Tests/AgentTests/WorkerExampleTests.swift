import Foundation
import HTTP
import Model
import NIOPosix
import TestSupport
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
        let built = try Process.run(
            Self.example.appendingPathComponent("build"),
            arguments: ["1.0", "\(scratch.path)/tree"]
        )
        built.waitUntilExit()
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
        let worker = try BackgroundProcess(
            ["\(scratch.path)/tree/bin/worker"],
            environment: ["RUNTIME_DIRECTORY": "\(scratch.path)/run", "PATH": "/usr/bin:/bin"]
        )
        defer { worker.stop() }
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
}
