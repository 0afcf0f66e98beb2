import HTTP
import Model
import Rollout
import Testing

@testable import Coordinator

/// What Prometheus answers, in its own words, and what a gate makes of that; the real one is asked by EndToEndTests.
struct PrometheusGateTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let name: String
        var status = 200
        let body: String
        let answer: GateVerdict.Answer
        let evidence: String
        var testDescription: String { name }
    }

    private static func vector(_ samples: String..., warnings: String = "") -> String {
        let list = samples.enumerated().map {
            #"{"metric":{"__name__":"e","path":"/\#($0.offset)"},"value":[1435781451.781,"\#($0.element)"]}"#
        }
        return
            #"{"status":"success","data":{"resultType":"vector","result":[\#(list.joined(separator: ","))]}\#(warnings)}"#
    }

    static let rows = [
        Row(name: "within", body: vector("0.01"), answer: .pass, evidence: #"{path="/0"} 0.01, expected at most 0.01"#),
        Row(name: "outside", body: vector("0.2"), answer: .fail, evidence: #"{path="/0"} 0.2, expected at most 0.01"#),
        Row(
            name: "one of three outside",
            body: vector("0", "0.2", "NaN"),
            answer: .fail,
            evidence: #"1 of 3 series, first {path="/1"} 0.2, expected at most 0.01"#
        ),
        Row(name: "all within", body: vector("0", "0.002"), answer: .pass, evidence: "all of 2 series"),
        Row(name: "no data", body: vector(), answer: .inconclusive, evidence: "no data, expected at most 0.01"),
        Row(name: "no number", body: vector("NaN"), answer: .inconclusive, evidence: "NaN is no number"),
        Row(name: "endless", body: vector("+Inf"), answer: .fail, evidence: "+Inf, expected at most 0.01"),
        Row(name: "endlessly little", body: vector("-Inf"), answer: .inconclusive, evidence: "-Inf is no number"),
        Row(
            name: "part of the data",
            body: vector("0", warnings: #","warnings":["store is down"]"#),
            answer: .inconclusive,
            evidence: "the answer may lack data: store is down"
        ),
        Row(
            name: "bad although part is missing",
            body: vector("1", warnings: #","warnings":["store is down"]"#),
            answer: .fail,
            evidence: "1, expected at most 0.01"
        ),
        Row(
            name: "scalar",
            body: #"{"status":"success","data":{"resultType":"scalar","result":[1.5,"0"]}}"#,
            answer: .pass,
            evidence: "0, expected at most 0.01"
        ),
        Row(
            name: "matrix",
            body: #"{"status":"success","data":{"resultType":"matrix","result":[]}}"#,
            answer: .inconclusive,
            evidence: "answered with a matrix; write a query that gives a vector or a scalar"
        ),
        Row(
            name: "bad query",
            status: 400,
            body: #"{"status":"error","errorType":"bad_data","error":"parse error: unexpected end"}"#,
            answer: .inconclusive,
            evidence: "answered 400: parse error: unexpected end"
        ),
        Row(name: "a proxy", status: 502, body: "<html>", answer: .inconclusive, evidence: "answered 502 and no JSON"),
        Row(name: "nothing", body: "{}", answer: .inconclusive, evidence: "it says not why"),
        Row(
            name: "sample without number",
            body: #"{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1]}]}}"#,
            answer: .inconclusive,
            evidence: "a sample that has no number"
        ),
    ]

    @Test("Each series must be within, and what is not known is no pass", .timeLimit(.minutes(1)), arguments: rows)
    func answers(_ row: Row) async throws {
        let server = try AnswerServer(["/api/v1/query": (row.status, row.body)])
        defer { server.close() }
        let gate = PrometheusGate(
            url: "http://127.0.0.1:\(try await server.port())/",
            query: try QueryTemplate(parsing: "e"),
            bounds: GateBounds(max: Figure("0.01"))
        )
        let verdict = await PrometheusGateJudge(gate, timeout: .seconds(10)).judge(try GateFixture.subject(hosts: [0]))
        #expect(verdict.answer == row.answer)
        #expect(verdict.evidence.contains(row.evidence), "\(verdict.evidence)")
    }

    @Test(
        "Too few requests leave a gate inconclusive, whatever the answer",
        .timeLimit(.minutes(1)),
        arguments: [
            ("0", GateVerdict.Answer.inconclusive), ("499.9", .inconclusive), ("NaN", .inconclusive), ("500", .fail),
        ]
    )
    func requests(_ count: String, _ answer: GateVerdict.Answer) async throws {
        let server = try AnswerServer([
            "query=e": (200, Self.vector("0.5")), "query=r": (200, Self.vector("9000", count)),
        ])
        defer { server.close() }
        let gate = PrometheusGate(
            url: "http://127.0.0.1:\(try await server.port())",
            query: try QueryTemplate(parsing: "e"),
            bounds: GateBounds(max: Figure("0.01")),
            requests: .init(query: try QueryTemplate(parsing: "r"), min: try Figure(parsing: "500"))
        )
        let verdict = await PrometheusGateJudge(gate, timeout: .seconds(10)).judge(try GateFixture.subject(hosts: [0]))
        #expect(verdict.answer == answer)
        #expect(verdict.evidence.contains("500 are needed") == (answer == .inconclusive), "\(verdict.evidence)")
    }

    @Test("A query about the stage's hosts is not asked where none runs the release: it would mean all others")
    func nobody() async throws {
        let gate = PrometheusGate(
            url: "http://127.0.0.1:1",
            query: try QueryTemplate(parsing: #"e{host=~"$hosts"}"#),
            bounds: GateBounds(max: Figure("1"))
        )
        let verdict = await PrometheusGateJudge(gate, timeout: .seconds(1)).judge(try GateFixture.subject(hosts: []))
        #expect(verdict.answer == .inconclusive)
        #expect(verdict.evidence == "no host of stage canary runs the release")
    }

    @Test("Names in a query stand for what the gate is about; a query is sent whole")
    func template() throws {
        let query = try QueryTemplate(parsing: #"e{host=~"$hosts",env="$environment",path!~"x$"}"#)
        let text = query.text { $0 == .hosts ? "web-1|web-2[.]example" : "production" }
        #expect(text == #"e{host=~"web-1|web-2[.]example",env="production",path!~"x$"}"#)
        #expect(throws: ModelError.self) { try QueryTemplate(parsing: "e{host=~\"$host\"}") }
        #expect(FormText.encoded("a b+c=ü&") == "a%20b%2Bc%3D%C3%BC%26")
    }
}
