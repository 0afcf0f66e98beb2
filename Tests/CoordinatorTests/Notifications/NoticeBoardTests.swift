import Configuration
import Foundation
import Model
import NIOCore
import NIOPosix
import Rollout
import TestSupport
import Testing

@testable import Coordinator

/// People who are told beside the terminal, by a real server of Python's and a real command.
struct NoticeBoardTests {
    @Test("A webhook gets text and a command gets JSON, of what people wait for", .timeLimit(.minutes(1)))
    func tells() async throws {
        let inbox = try Inbox()
        defer { inbox.close() }
        let fixture = try RolloutFixture(hosts: 1)
        let targets = NoticeTargets(webhook: Webhook(try await inbox.url()), command: ["tee", "-a", inbox.file])
        let rollout = try await fixture.open()
        let board = NoticeBoard(targets, logger: TestLog.silent)
        let engine = try await fixture.engine(rollout, MachineHosts(fixture.plan), board: board)
        #expect(try await engine.run(by: "alice@laptop").outcome == .succeeded)
        let posted = try inbox.posted()
        #expect(posted.count == 1)
        #expect(posted.first?.contains("\"text\":\"R1 web 1.4.2-") == true, "\(posted)")
        #expect(posted.first?.contains("read back") == true, "\(posted)")
        let told = try String(contentsOfFile: inbox.file, encoding: .utf8)
        #expect(told.contains("\"event\":\"ended\""))
        #expect(told.contains("\"outcome\":\"succeeded\""))
    }

    @Test("Targets that fail hold nothing up", .timeLimit(.minutes(1)))
    func fails() async throws {
        let fixture = try RolloutFixture(hosts: 1)
        let targets = NoticeTargets(webhook: Webhook("http://127.0.0.1:1/"), command: ["false"])
        let board = NoticeBoard(targets, logger: TestLog.silent)
        let rollout = try await fixture.open()
        let engine = try await fixture.engine(rollout, MachineHosts(fixture.plan), board: board)
        #expect(try await engine.run(by: "alice@laptop").outcome == .succeeded)
    }
}

/// A web server that keeps what is posted to it, one body a line.
private struct Inbox {
    private let directory: String
    private let server: BackgroundProcess

    init() throws {
        directory = FileManager.default.temporaryDirectory.path + "/fleet-inbox-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        server = try BackgroundProcess(["python3", "-c", Self.program, directory])
    }

    func close() {
        server.stop()
        try? FileManager.default.removeItem(atPath: directory)  // scratch; a leftover harms nothing
    }

    var file: String { "\(directory)/told" }

    /// Its URL, once it listens.
    func url() async throws -> String {
        while true {
            if let port = try? String(contentsOfFile: "\(directory)/port", encoding: .utf8) {
                return "http://127.0.0.1:\(port)/hook"
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    func posted() throws -> [String] {
        try String(contentsOfFile: "\(directory)/posted", encoding: .utf8).split(separator: "\n").map(String.init)
    }

    private static let program = """
        import http.server, os, sys
        home = sys.argv[1]
        class Hook(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with open(home + "/posted", "ab") as file: file.write(body + b"\\n")
                self.send_response(200); self.send_header("Content-Length", "0"); self.end_headers()
            def log_message(self, *words): pass
        server = http.server.HTTPServer(("127.0.0.1", 0), Hook)
        with open(home + "/port.new", "w") as file: file.write(str(server.server_port))
        os.rename(home + "/port.new", home + "/port")
        server.serve_forever()
        """
}
