import Foundation
import HTTP
import Model
import TestSupport
import Testing

@testable import Coordinator

/// Alerts that a real Alertmanager has been sent, and answers that are none.
struct AlertmanagerGateTests {
    private static let firing = #"""
        [{"labels": {"alertname": "HighErrors", "service": "web", "host": "web-1"},
          "annotations": {"summary": "5% of requests fail"}},
         {"labels": {"alertname": "Slow", "service": "web", "host": "web-2"}},
         {"labels": {"alertname": "DiskFull", "service": "db", "host": "db-1"}},
         {"labels": {"alertname": "Old", "service": "web", "host": "web-1"}, "endsAt": "2020-01-01T00:00:00Z"},
         {"labels": {"alertname": "Watchdog"}}]
        """#

    struct Row: CustomTestStringConvertible, Sendable {
        let match: [String]
        var watchdog: [String]?
        let answer: GateVerdict.Answer
        let evidence: String
        var testDescription: String { "\(match) \(watchdog ?? [])" }
    }

    static let rows = [
        Row(
            match: [#"service="cache""#],
            answer: .pass,
            evidence: #"no alert fires; expected none that matches {service="cache"}"#
        ),
        Row(
            match: [#"service="web""#, #"host=~"$hosts""#],
            answer: .fail,
            evidence: #"alert HighErrors {host="web-1", "#
        ),
        Row(match: [#"service="$service""#], answer: .fail, evidence: "and 1 more; expected none"),
        Row(match: [#"service = "web""#, #"host!~"web-[12]""#], answer: .pass, evidence: "no alert fires"),
        Row(match: [#"alertname="Old""#], answer: .pass, evidence: "no alert fires"),
        Row(match: [#"service="cache""#], watchdog: [#"alertname="Watchdog""#], answer: .pass, evidence: "no alert"),
        Row(
            match: [#"service="cache""#],
            watchdog: [#"alertname="DeadMan""#],
            answer: .inconclusive,
            evidence: #"no alert fires that matches {alertname="DeadMan"}, so alerts may not arrive here"#
        ),
        Row(
            match: [#"service="web""#],
            watchdog: [#"alertname="DeadMan""#],
            answer: .fail,
            evidence: "expected none"
        ),
        // Its own words.
        Row(match: [#"service=~"[""#], answer: .inconclusive, evidence: "answered 400: "),
    ]

    @Test("An alert that fires and matches fails the gate, by a real Alertmanager", .timeLimit(.minutes(2)))
    func alerts() async throws {
        let server = try await AlertServer()
        defer { server.close() }
        try await server.post(Self.firing)
        for row in Self.rows {
            let verdict = await AlertmanagerGateJudge(try gate(server.url + "/", row), timeout: .seconds(10))
                .judge(try GateFixture.subject(hosts: [0]))
            #expect(verdict.answer == row.answer, "\(row.testDescription): \(verdict)")
            #expect(verdict.evidence.contains(row.evidence), "\(verdict.evidence)")
        }
        let found = await AlertmanagerGateJudge(try gate(server.url, Self.rows[1]), timeout: .seconds(10))
            .judge(try GateFixture.subject(hosts: [0]))
        #expect(found.details.first?.hasSuffix(": 5% of requests fail") == true, "\(found.details)")

        // Silenced, people know of it, and hear nothing.
        try await server.silence("HighErrors")
        let quiet = await AlertmanagerGateJudge(try gate(server.url, Self.rows[1]), timeout: .seconds(10))
            .judge(try GateFixture.subject(hosts: [0]))
        #expect(quiet.answer == .pass, "\(quiet)")
    }

    @Test(
        "What is no answer says nothing about the release",
        .timeLimit(.minutes(1)),
        arguments: [
            (200, "<html>", "answered 200 and no JSON"), (200, "{}", "answered no list of alerts"),
            (200, "[{}]", "an alert without labels"), (502, "[]", "answered 502: it says not why"),
        ]
    )
    func noAnswer(_ status: Int, _ body: String, _ evidence: String) async throws {
        let row = Row(match: [#"a="b""#], answer: .inconclusive, evidence: evidence)
        let states = "active=true&silenced=false&inhibited=false&unprocessed=true"
        let server = try AnswerServer(["/api/v2/alerts?\(states)&filter=a%3D%22b%22": (status, body)])
        defer { server.close() }
        let gate = try gate("http://127.0.0.1:\(try await server.port())", row)
        let verdict = await AlertmanagerGateJudge(gate, timeout: .seconds(10)).judge(
            try GateFixture.subject(hosts: [0])
        )
        #expect(verdict.answer == .inconclusive)
        #expect(verdict.evidence.contains(evidence), "\(verdict.evidence)")
    }

    @Test("Without a server, or a host to ask about, nothing is known")
    func nobody() async throws {
        let judge = AlertmanagerGateJudge(try gate("http://127.0.0.1:1", Self.rows[1]), timeout: .seconds(5))
        let deaf = await judge.judge(try GateFixture.subject(hosts: [0]))
        #expect(deaf.answer == .inconclusive)
        #expect(deaf.evidence.contains("refused"))
        let none = await judge.judge(try GateFixture.subject(hosts: []))
        #expect(none.evidence == "no host of stage canary runs the release")
    }

    @Test(
        "What is no matcher is refused",
        arguments: ["", "service", "=\"web\"", "service=web", "service=\"", "1st=\"a\"", "a==\"b\"", "a=\"$nobody\""]
    )
    func matchers(_ text: String) {
        #expect(throws: ModelError.self) { try AlertMatcher(parsing: text) }
    }

    private func gate(_ url: String, _ row: Row) throws -> AlertmanagerGate {
        AlertmanagerGate(
            url: url,
            match: try row.match.map(AlertMatcher.init(parsing:)),
            watchdog: try row.watchdog?.map(AlertMatcher.init(parsing:))
        )
    }
}

/// Debian's Alertmanager on loopback, which tells nobody.
private struct AlertServer {
    let url: String
    private let directory: String
    private let process: BackgroundProcess

    init() async throws {
        directory = FileManager.default.temporaryDirectory.path + "/fleet-alerts-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let file = "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n"
        try file.write(toFile: "\(directory)/alertmanager.yml", atomically: true, encoding: .utf8)
        let command = """
            exec prometheus-alertmanager --config.file=alertmanager.yml --storage.path=data \
            --web.listen-address=127.0.0.1:0 --cluster.listen-address= 2>log
            """
        process = try BackgroundProcess(["sh", "-c", command], directory: URL(fileURLWithPath: directory))
        url = "http://127.0.0.1:\(try await Self.port(process, "\(directory)/log"))"
        while (try? await HTTPClient.asked("\(url)/-/ready").status) != 200 {
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    func close() {
        process.stop()
        try? FileManager.default.removeItem(atPath: directory)  // scratch; a leftover harms nothing
    }

    /// The system picks it, and the server says which it is.
    private static func port(_ process: BackgroundProcess, _ log: String) async throws -> String {
        while true {
            let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            if let range = text.range(of: #"msg="Listening on" address=127.0.0.1:"#) {
                let rest = text[range.upperBound...].prefix { $0 != "\n" }
                if !rest.isEmpty, text[range.upperBound...].contains("\n") { return String(rest) }
            }
            try #require(process.isRunning, "Alertmanager has ended: \(text)")
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    func post(_ alerts: String) async throws {
        let answer = try await HTTPClient.asked("\(url)/api/v2/alerts", body: alerts)
        try #require(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
    }

    /// Keeps an alert from people for a while.
    func silence(_ alert: String) async throws {
        let body = #"""
            {"matchers": [{"name": "alertname", "value": "\#(alert)", "isRegex": false, "isEqual": true}],
             "startsAt": "\#(Date.now.ISO8601Format())", "endsAt": "\#(Date.now.addingTimeInterval(600).ISO8601Format())",
             "createdBy": "test", "comment": "known"}
            """#
        let answer = try await HTTPClient.asked("\(url)/api/v2/silences", body: body)
        try #require(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
        // It takes effect at its start, which is written in whole seconds that have begun.
    }
}

extension HTTPClient {
    fileprivate static func asked(_ url: String, body: String? = nil) async throws -> HTTPResponse {
        let url = try HTTPURL(parsing: url)
        let headers = [HTTPHeader("Content-Type", "application/json")]
        let request = HTTPRequest(body == nil ? .get : .post, url, headers: headers, body: Array((body ?? "").utf8))
        return try await HTTPClient(trust: nil).send(request)
    }
}
