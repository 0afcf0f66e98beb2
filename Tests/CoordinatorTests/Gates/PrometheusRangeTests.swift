import Model
import Rollout
import Testing

@testable import Coordinator

/// What Prometheus has answered over time, held against bounds or against that of other hosts.
struct PrometheusRangeTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let name: String
        let series: [[String]]
        let answer: GateVerdict.Answer
        let evidence: String
        var testDescription: String { name }
    }

    /// Samples of each series, as Prometheus writes them.
    private static func matrix(_ series: [[String]], warnings: String = "") -> String {
        let list = series.enumerated().map { index, values in
            let samples = values.enumerated().map { #"[\#($0.offset).5,"\#($0.element)"]"# }
            return #"{"metric":{"__name__":"l","host":"\#(index)"},"values":[\#(samples.joined(separator: ","))]}"#
        }
        let result = list.joined(separator: ",")
        return #"{"status":"success","data":{"resultType":"matrix","result":[\#(result)]}\#(warnings)}"#
    }

    @Test(
        "Every sample must be within, and a gap is no pass",
        .timeLimit(.minutes(1)),
        arguments: [
            Row(
                name: "all within",
                series: [["1", "2", "5"], ["0", "0", "0", "0"]],
                answer: .pass,
                evidence: "all samples of 2 series, expected at most 5 over 4s, every 1s"
            ),
            Row(
                name: "one series",
                series: [["1", "2", "5"]],
                answer: .pass,
                evidence: #"{host="0"}: 3 samples from 1 to 5, expected"#
            ),
            Row(
                name: "one sample outside",
                series: [["1", "2", "5"], ["0", "9", "0"]],
                answer: .fail,
                evidence: #"1 of 3 samples of {host="1"}, first 9, expected at most 5 over 4s"#
            ),
            Row(
                name: "outside in a series with a gap",
                series: [["9"]],
                answer: .fail,
                evidence: "1 of 1 samples"
            ),
            Row(
                name: "a gap",
                series: [["1", "2", "5"], ["0", "0"]],
                answer: .inconclusive,
                evidence: #"{host="1"} has 2 samples, 3 are needed"#
            ),
            Row(
                name: "what is no number is a gap",
                series: [["1", "NaN", "5"]],
                answer: .inconclusive,
                evidence: "has 2 samples, 3 are needed"
            ),
            Row(
                name: "endlessly little is no number",
                series: [["1", "-Inf", "5"]],
                answer: .inconclusive,
                evidence: "3 are needed"
            ),
            Row(name: "endless", series: [["1", "+Inf", "5"]], answer: .fail, evidence: "first inf"),
            Row(name: "no data", series: [], answer: .inconclusive, evidence: "no data, expected at most 5 over 4s"),
        ]
    )
    func bounds(_ row: Row) async throws {
        let verdict = try await judge(Self.matrix(row.series))
        #expect(verdict.answer == row.answer)
        #expect(verdict.evidence.contains(row.evidence), "\(verdict.evidence)")
    }

    @Test("Warnings, and answers that are none, are no pass", .timeLimit(.minutes(1)))
    func noAnswers() async throws {
        let half = try await judge(Self.matrix([["1", "1", "1"]], warnings: #","warnings":["store is down"]"#))
        #expect(half.answer == .inconclusive)
        #expect(half.evidence == "the answer may lack data: store is down")
        let vector = try await judge(#"{"status":"success","data":{"resultType":"vector","result":[]}}"#)
        #expect(vector.answer == .inconclusive)
        #expect(vector.evidence.contains("answered with a vector, and no samples over time"))
    }

    private func judge(_ body: String) async throws -> GateVerdict {
        let server = try AnswerServer(["/api/v1/query_range": (200, body)])
        defer { server.close() }
        let gate = PrometheusGate(
            url: "http://127.0.0.1:\(try await server.port())",
            query: try QueryTemplate(parsing: "l"),
            bounds: GateBounds(max: Figure("5")),
            range: QueryRange(over: .seconds(4), step: .seconds(1), minSamples: 3)
        )
        return await PrometheusGateJudge(gate, timeout: .seconds(10)).judge(try GateFixture.subject(hosts: [0]))
    }

    // MARK: Comparisons

    struct Pair: CustomTestStringConvertible, Sendable {
        let name: String
        let changed: [[Double]]
        let unchanged: [[Double]]
        let answer: GateVerdict.Answer
        let evidence: String
        var testDescription: String { name }
    }

    private static let usual = (1...15).map { 100 + Double($0) }

    @Test(
        "Samples of both groups are compared, and too few are no pass",
        .timeLimit(.minutes(1)),
        arguments: [
            Pair(
                name: "alike",
                changed: [usual, usual],
                unchanged: [usual, usual, usual],
                answer: .pass,
                evidence: "median 108 of 30 samples of changed hosts, 108 of 45 of unchanged ones, p 0.50"
            ),
            Pair(
                name: "slower",
                changed: [usual.map { $0 + 20 }, usual.map { $0 + 20 }],
                unchanged: [usual, usual],
                answer: .fail,
                evidence: "median 128 of 30 samples of changed hosts, 108 of 30 of unchanged ones, p 1.4"
            ),
            Pair(
                name: "slower for certain, and by less than what is tolerated",
                changed: [usual.map { $0 + 9 }, usual.map { $0 + 9 }],
                unchanged: [usual, usual],
                answer: .pass,
                evidence: "median 117"
            ),
            Pair(
                name: "faster",
                changed: [usual.map { $0 - 50 }, usual],
                unchanged: [usual, usual],
                answer: .pass,
                evidence: "expected at most 10% more at significance 0.01"
            ),
            Pair(
                name: "too few samples",
                changed: [usual.map { $0 + 500 }],
                unchanged: [usual, usual],
                answer: .inconclusive,
                evidence: "15 samples of changed hosts, 20 are needed"
            ),
            Pair(
                name: "none of unchanged hosts",
                changed: [usual, usual],
                unchanged: [],
                answer: .inconclusive,
                evidence: "0 samples of unchanged hosts, 20 are needed"
            ),
            Pair(
                name: "a gap",
                changed: [usual, usual, [1]],
                unchanged: [usual, usual],
                answer: .inconclusive,
                evidence: #"{host="2"} of changed hosts has 1 samples, 10 are needed"#
            ),
        ]
    )
    func comparison(_ row: Pair) async throws {
        func question(_ text: String) -> String { "query=\(FormText.encoded(text))" }
        let server = try AnswerServer([
            question("l{web-1}"): (200, Self.matrix(row.changed.map { $0.map { "\($0)" } })),
            question("l{web-2|web-3}"): (200, Self.matrix(row.unchanged.map { $0.map { "\($0)" } })),
        ])
        defer { server.close() }
        let gate = ComparisonGate(
            url: "http://127.0.0.1:\(try await server.port())",
            measure: .samples(
                .init(
                    query: try QueryTemplate(parsing: "l{$hosts}"),
                    range: QueryRange(over: .seconds(20), minSamples: 10)
                )
            ),
            significance: try Share(parsing: "0.01"),
            tolerance: try Share(parsing: "10%")
        )
        let verdict = await ComparisonGateJudge(gate, timeout: .seconds(10))
            .judge(try GateFixture.subject(hosts: [0], unchanged: [1, 2]))
        #expect(verdict.answer == row.answer)
        #expect(verdict.evidence.contains(row.evidence), "\(verdict.evidence)")
    }
}
