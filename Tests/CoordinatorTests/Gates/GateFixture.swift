import Foundation
import Model
import Rollout
import TestSupport

@testable import Coordinator

/// What gates of a test are asked about.
enum GateFixture {
    static func subject(
        hosts: [Int],
        unchanged: [Int] = [],
        reports: [HostID: ServiceReport] = [:]
    ) throws -> GateSubject {
        let plan = try RolloutFixture(hosts: 3).plan
        let ledger = try LedgerID(parsing: "00000000-0000-0000-0000-000000000001")
        let name = GateName(validated: "errors")
        let question = GateQuestion(
            number: 9,
            gate: name,
            stage: 0,
            attempt: 2,
            hosts: hosts,
            unchanged: unchanged
        )
        return GateSubject(question, of: RolloutID(ledger: ledger, number: 17), plan, reports: reports)
    }
}

/// A web server of Python's that answers by what is asked: a path, or a body that is posted.
struct AnswerServer {
    private let directory: String
    private let process: BackgroundProcess

    init(_ answers: [String: (status: Int, body: String)]) throws {
        directory = FileManager.default.temporaryDirectory.path + "/fleet-gate-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let words = answers.flatMap { [$0.key, "\($0.value.status)", $0.value.body] }
        process = try BackgroundProcess(["python3", "-c", Self.program, directory] + words)
    }

    func close() {
        process.stop()
        try? FileManager.default.removeItem(atPath: directory)  // scratch; a leftover harms nothing
    }

    func port() async throws -> String {
        while true {
            if let port = try? String(contentsOfFile: "\(directory)/port", encoding: .utf8) { return port }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private static let program = #"""
        import http.server, os, sys
        home, words = sys.argv[1], sys.argv[2:]
        answers = {words[i]: (int(words[i + 1]), words[i + 2].encode()) for i in range(0, len(words), 3)}
        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self): self.say(self.path)
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                # Of a form that also says from when to when, its first field.
                question = body.split("&")[0]
                self.say(question if question in answers else self.path)
            def say(self, question):
                status, body = answers.get(question, (404, b"nothing here"))
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)
            def log_message(self, *_): pass
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        with open(home + "/new", "w") as file: file.write(str(server.server_address[1]))
        os.rename(home + "/new", home + "/port")
        server.serve_forever()
        """#
}
