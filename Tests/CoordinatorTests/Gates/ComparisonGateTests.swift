import Model
import Rollout
import Testing

@testable import Coordinator

/// Counts of changed and unchanged hosts in Prometheus's words, and every way in which one can be missing.
struct ComparisonGateTests {
    /// Of one group: labels and numbers, as Prometheus writes them.
    struct Counts: Sendable {
        var bad: [String: String]
        var requests: [String: String]

        /// Of a service without labels.
        static func all(_ bad: String, of requests: String) -> Self { Self(bad: ["": bad], requests: ["": requests]) }
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let name: String
        let changed: Counts
        let unchanged: Counts
        let answer: GateVerdict.Answer
        let evidence: String
        var testDescription: String { name }
    }

    static let rows = [
        Row(
            name: "as bad as the others",
            changed: .all("30", of: "1000"),
            unchanged: .all("120", of: "4000"),
            answer: .pass,
            evidence: "30 of 1000 (3%) bad on changed hosts, 120 of 4000 (3%) on unchanged ones, p 0.53"
        ),
        Row(
            name: "worse by far",
            changed: .all("80.4", of: "999.7"),
            unchanged: .all("120", of: "4000"),
            answer: .fail,
            evidence: "80 of 1000 (8%) bad on changed hosts, 120 of 4000 (3%) on unchanged ones, p 2.59e-11"
        ),
        Row(
            name: "for certain, and by less than what is tolerated",
            changed: .all("13000", of: "1000000"),
            unchanged: .all("40000", of: "4000000"),
            answer: .pass,
            evidence: "13000 of 1000000 (1.3%)"
        ),
        Row(
            name: "by much, and by chance",
            changed: .all("4", of: "100"),
            unchanged: .all("4", of: "400"),
            answer: .pass,
            evidence: "4 of 100 (4%)"
        ),
        Row(
            name: "none bad",
            changed: .all("0", of: "1000"),
            unchanged: .all("0", of: "1000"),
            answer: .pass,
            evidence: "0 of 1000 (0%) bad on changed hosts, 0 of 1000 (0%) on unchanged ones, p 1"
        ),
        Row(
            name: "better",
            changed: .all("0", of: "1000"),
            unchanged: .all("120", of: "4000"),
            answer: .pass,
            evidence: "p 1; expected at most 0.005 more at significance 0.01"
        ),
        Row(
            name: "too few requests on changed hosts",
            changed: .all("99", of: "99"),
            unchanged: .all("0", of: "4000"),
            answer: .inconclusive,
            evidence: "all 99 and 4000 requests on changed and unchanged hosts, 100 are needed on both"
        ),
        Row(
            name: "too few requests on unchanged hosts",
            changed: .all("99", of: "400"),
            unchanged: .all("0", of: "9"),
            answer: .inconclusive,
            evidence: "all 400 and 9 requests"
        ),
        Row(
            name: "no requests on unchanged hosts",
            changed: .all("99", of: "400"),
            unchanged: Counts(bad: ["": "0"], requests: [:]),
            answer: .inconclusive,
            evidence: "all 400 and no requests"
        ),
        Row(
            name: "no number of requests",
            changed: .all("99", of: "NaN"),
            unchanged: .all("0", of: "400"),
            answer: .inconclusive,
            evidence: "all nan and 400 requests"
        ),
        Row(
            name: "no data at all",
            changed: Counts(bad: [:], requests: [:]),
            unchanged: Counts(bad: [:], requests: [:]),
            answer: .inconclusive,
            evidence: "no requests are counted"
        ),
        Row(
            name: "nobody counts what is bad on changed hosts",
            changed: Counts(bad: [:], requests: ["": "1000"]),
            unchanged: .all("40", of: "4000"),
            answer: .inconclusive,
            evidence: "all: 'bad' has no number between 0 and the requests; for a count that has not begun write"
        ),
        Row(
            name: "nobody counts what is bad on unchanged hosts",
            changed: .all("0", of: "1000"),
            unchanged: Counts(bad: [:], requests: ["": "4000"]),
            answer: .inconclusive,
            evidence: "'bad' has no number"
        ),
        Row(
            name: "what is bad is no number",
            changed: .all("NaN", of: "1000"),
            unchanged: .all("0", of: "1000"),
            answer: .inconclusive,
            evidence: "'bad' has no number"
        ),
        Row(
            name: "less than nothing",
            changed: .all("-5", of: "1000"),
            unchanged: .all("0", of: "1000"),
            answer: .inconclusive,
            evidence: "'bad' has no number"
        ),
        Row(
            name: "more bad than asked",
            changed: .all("1200", of: "1000"),
            unchanged: .all("0", of: "1000"),
            answer: .inconclusive,
            evidence: "'bad' has no number between 0 and the requests"
        ),
        Row(
            name: "all bad, counted between two requests",
            changed: .all("1010", of: "1000"),
            unchanged: .all("0", of: "1000"),
            answer: .fail,
            evidence: "1000 of 1000 (100%)"
        ),
        Row(
            name: "one of three endpoints",
            changed: Counts(bad: ["a": "0", "b": "90", "c": "5"], requests: ["a": "5000", "b": "500", "c": "9"]),
            unchanged: Counts(bad: ["a": "0", "b": "20", "c": "0"], requests: ["a": "9000", "b": "900", "c": "90"]),
            answer: .fail,
            evidence: #"{path="b"}: 90 of 500 (18%) bad on changed hosts"#
        ),
        Row(
            name: "an endpoint with too few requests does not count alone",
            changed: Counts(bad: ["a": "0", "c": "9"], requests: ["a": "5000", "c": "9"]),
            unchanged: Counts(bad: ["a": "0", "c": "0"], requests: ["a": "9000", "c": "90"]),
            answer: .pass,
            evidence: #"{path="a"}: 0 of 5000"#
        ),
        Row(
            name: "no endpoint has enough",
            changed: Counts(bad: ["a": "0", "c": "9"], requests: ["a": "50", "c": "9"]),
            unchanged: Counts(bad: ["a": "0", "c": "0"], requests: ["a": "9000", "c": "90"]),
            answer: .inconclusive,
            evidence: #"{path="a"} 50 and 9000, {path="c"} 9 and 90 requests"#
        ),
        Row(
            name: "labels that only one group can have",
            changed: Counts(bad: ["h1": "9"], requests: ["h1": "1000"]),
            unchanged: Counts(bad: ["h2": "9"], requests: ["h2": "1000"]),
            answer: .inconclusive,
            evidence: #"{path="h1"} 1000 and no, {path="h2"} no and 1000 requests"#
        ),
        Row(
            name: "an endpoint is bad while another is not known",
            changed: Counts(bad: ["b": "90"], requests: ["a": "5000", "b": "500"]),
            unchanged: Counts(bad: ["b": "20"], requests: ["a": "9000", "b": "900"]),
            answer: .fail,
            evidence: #"{path="b"}: 90 of 500"#
        ),
    ]

    @Test(
        "A release fails where it is worse for certain, and what is not known is no pass",
        .timeLimit(.minutes(1)),
        arguments: rows
    )
    func counts(_ row: Row) async throws {
        let verdict = try await judge(row.changed, row.unchanged)
        #expect(verdict.answer == row.answer, "\(verdict)")
        #expect(verdict.evidence.contains(row.evidence), "\(verdict.evidence)")
        #expect(verdict.details.prefix(2) == ["changed: web-1", "unchanged: web-2, web-3"])
    }

    @Test(
        "An endpoint that seems bad among fifty others is what chance makes, and alone is not",
        .timeLimit(.minutes(1))
    )
    func manyEndpoints() async throws {
        // p 0.0015: below 0.01, and not below 0.01 / 51.
        var (changed, unchanged) = (Counts(bad: ["x": "29"], requests: ["x": "1000"]), Counts.all("10", of: "1000"))
        unchanged = Counts(bad: ["x": "10"], requests: ["x": "1000"])
        #expect(try await judge(changed, unchanged).answer == .fail)
        for number in 0..<50 {
            changed.bad["e\(number)"] = "10"
            changed.requests["e\(number)"] = "1000"
            unchanged.bad["e\(number)"] = "10"
            unchanged.requests["e\(number)"] = "1000"
        }
        let verdict = try await judge(changed, unchanged)
        #expect(verdict.answer == .pass)
        #expect(verdict.evidence.hasPrefix(#"least likely by chance of 51 series: {path="x"}: 29 of 1000"#))
    }

    @Test("What is not compared is named", .timeLimit(.minutes(1)))
    func thin() async throws {
        let verdict = try await judge(
            Counts(bad: ["a": "0", "c": "9"], requests: ["a": "5000", "c": "9"]),
            Counts(bad: ["a": "0", "c": "0"], requests: ["a": "9000", "c": "90"])
        )
        let named =
            #"not compared: {path="c"} 9 and 90 requests on changed and unchanged hosts, 100 are needed on both"#
        #expect(verdict.details.contains(named), "\(verdict.details)")
    }

    @Test(
        "Warnings of one group are no pass, and series that stand twice are not counted as one",
        .timeLimit(.minutes(1))
    )
    func warnings() async throws {
        let half = try await judge(
            .all("0", of: "1000"),
            .all("0", of: "1000"),
            more: #","warnings":["store is down"]"#
        )
        #expect(half.answer == .inconclusive)
        #expect(half.evidence == "the answer may lack data: store is down")
        let twice = #"{"metric":{"__name__":"other"},"value":[1,"7"]}"#
        let double = try await judge(.all("0", of: "1000"), .all("0", of: "1000"), twice: twice)
        #expect(double.answer == .inconclusive)
        #expect(double.evidence.contains("two series have the same labels"))
    }

    @Test("Without hosts on one side, or without Prometheus, there is nothing to compare")
    func nobody() async throws {
        let judge = ComparisonGateJudge(try Self.gate(at: "http://127.0.0.1:1"), timeout: .seconds(5))
        let alone = await judge.judge(try GateFixture.subject(hosts: [0]))
        #expect(alone.answer == .inconclusive)
        #expect(alone.evidence == "no unchanged host is in service to compare with")
        let none = await judge.judge(try GateFixture.subject(hosts: [], unchanged: [1]))
        #expect(none.answer == .inconclusive)
        #expect(none.evidence == "no host of stage canary runs the release")
        let deaf = await judge.judge(try GateFixture.subject(hosts: [0], unchanged: [1]))
        #expect(deaf.answer == .inconclusive)
        #expect(deaf.evidence.contains("refused"))
    }

    // MARK: A server that has counted

    private static func gate(at url: String) throws -> ComparisonGate {
        let counts = ComparisonGate.Counts(
            bad: try QueryTemplate(parsing: "b{$hosts}"),
            requests: try QueryTemplate(parsing: "r{$hosts}"),
            min: try Figure(parsing: "100")
        )
        return ComparisonGate(
            url: url,
            measure: .counts(counts),
            significance: try Share(parsing: "0.01"),
            tolerance: try Share(parsing: "0.005")
        )
    }

    private func judge(
        _ changed: Counts,
        _ unchanged: Counts,
        more: String = "",
        twice: String? = nil
    ) async throws -> GateVerdict {
        func question(_ text: String) -> String { "query=\(FormText.encoded(text))" }
        let server = try AnswerServer([
            question("b{web-1}"): (200, Self.vector(changed.bad)),
            question("r{web-1}"): (200, Self.vector(changed.requests)),
            question("b{web-2|web-3}"): (200, Self.vector(unchanged.bad, twice, more)),
            question("r{web-2|web-3}"): (200, Self.vector(unchanged.requests)),
        ])
        defer { server.close() }
        let gate = try Self.gate(at: "http://127.0.0.1:\(try await server.port())")
        let subject = try GateFixture.subject(hosts: [0], unchanged: [1, 2])
        return await ComparisonGateJudge(gate, timeout: .seconds(10)).judge(subject)
    }

    private static func vector(_ counts: [String: String], _ more: String? = nil, _ warnings: String = "") -> String {
        let samples = counts.map { label, number in
            let metric = label.isEmpty ? "{}" : #"{"path":"\#(label)"}"#
            return #"{"metric":\#(metric),"value":[1435781451.781,"\#(number)"]}"#
        }
        let list = (samples + [more].compactMap(\.self)).joined(separator: ",")
        return #"{"status":"success","data":{"resultType":"vector","result":[\#(list)]}\#(warnings)}"#
    }
}
