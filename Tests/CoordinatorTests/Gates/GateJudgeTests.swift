import Model
import Rollout
import Testing

@testable import Coordinator

/// Gates judged by a real server of Python's and by real programs.
struct GateJudgeTests {
    private static let name = GateName(validated: "errors")

    private func judge(_ question: Gate.Question, timeout: TimeSpan = .seconds(10)) async throws -> GateVerdict {
        let gate = Gate(name: Self.name, question: question, timeout: timeout)
        return await GateJudge(directory: "/bin").judge(gate, of: try GateFixture.subject(hosts: [0]))
    }

    // MARK: Commands

    struct Exit: CustomTestStringConvertible, Sendable {
        let script: String
        let answer: GateVerdict.Answer
        let evidence: String
        var testDescription: String { script }
    }

    @Test(
        "A program's exit status is the answer, and what it says is the evidence",
        arguments: [
            Exit(script: "echo 0.1% fail; exit 0", answer: .pass, evidence: "sh ended with 0: 0.1% fail"),
            Exit(script: "echo all; echo 40% fail; exit 1", answer: .fail, evidence: "sh ended with 1: 40% fail"),
            Exit(script: "echo no data >&2; exit 2", answer: .inconclusive, evidence: "sh ended with 2: no data"),
            Exit(script: "kill -KILL $$", answer: .inconclusive, evidence: "sh ended with 137, and said nothing"),
        ]
    )
    func exits(_ row: Exit) async throws {
        let verdict = try await judge(.command(["./sh", "-c", row.script]))
        #expect(verdict.answer == row.answer)
        #expect(verdict.evidence == row.evidence)
    }

    @Test("A program that is not there, or takes too long, says nothing about the release")
    func noAnswer() async throws {
        let missing = try await judge(.command(["no-such-program-anywhere"]))
        #expect(missing.answer == .inconclusive)
        #expect(missing.evidence.contains("'no-such-program-anywhere' is not installed"))
        let slow = try await judge(.command(["sleep", "1000"]), timeout: .milliseconds(50))
        #expect(slow.answer == .inconclusive)
        #expect(slow.evidence.contains("gave no answer within"))
    }

    @Test("A program is told what it is about")
    func variables() async throws {
        let script =
            "echo $FLEET_ROLLOUT $FLEET_GATE $FLEET_ATTEMPT $FLEET_STAGE $FLEET_STAGE_NAME $FLEET_HOSTS"
            + " $FLEET_SERVICE $FLEET_ENVIRONMENT $FLEET_VERSION"
        let verdict = try await judge(.command(["sh", "-c", script]))
        #expect(verdict.evidence == "sh ended with 0: R17 errors 2 1 canary web-1 web production 1.4.2")
    }

    @Test("A program is ended when nobody waits for its answer any more", .timeLimit(.minutes(1)))
    func cancelled() async throws {
        let gate = Gate(name: Self.name, question: .command(["sleep", "1000"]), timeout: .minutes(10))
        let subject = try GateFixture.subject(hosts: [0])
        let judging = Task { await GateJudge(directory: "/").judge(gate, of: subject) }
        judging.cancel()
        #expect(await judging.value.answer == .inconclusive)
    }

    // MARK: HTTP

    struct Probe: CustomTestStringConvertible, Sendable {
        let path: String
        var status = 200
        var pointer: String?
        var demand: HTTPGate.Demand?
        let answer: GateVerdict.Answer
        let evidence: String
        var testDescription: String { "\(path) \(pointer ?? "")" }
    }

    private static let json = #"""
        {"queue": {"depth": 3}, "rates": [0.5, 7.5], "a/b": {"m~n": "green"}, "ready": false, "word": "NaN"}
        """#
    private static let most5 = HTTPGate.Demand.bounds(GateBounds(max: Figure("5")))

    @Test(
        "A server's answer is looked at, and what it lacks is no pass",
        .timeLimit(.minutes(1)),
        arguments: [
            Probe(path: "ok", answer: .pass, evidence: "answered 200"),
            Probe(path: "missing", answer: .fail, evidence: "answered 404, expected 200"),
            Probe(path: "missing", status: 404, answer: .pass, evidence: "answered 404"),
            Probe(
                path: "missing",
                pointer: "/queue/depth",
                demand: most5,
                answer: .inconclusive,
                evidence: "answered 404, expected 200"
            ),
            Probe(
                path: "json",
                pointer: "/queue/depth",
                demand: most5,
                answer: .pass,
                evidence: "/queue/depth is 3, expected at most 5"
            ),
            Probe(
                path: "json",
                pointer: "/rates/1",
                demand: most5,
                answer: .fail,
                evidence: "/rates/1 is 7.5, expected at most 5"
            ),
            Probe(
                path: "json",
                pointer: "/a~1b/m~0n",
                demand: .equals("green"),
                answer: .pass,
                evidence: "is 'green', expected 'green'"
            ),
            Probe(
                path: "json",
                pointer: "/ready",
                demand: .equals("true"),
                answer: .fail,
                evidence: "/ready is 'false', expected 'true'"
            ),
            Probe(
                path: "json",
                pointer: "/nothing",
                demand: most5,
                answer: .inconclusive,
                evidence: "has nothing at /nothing"
            ),
            Probe(
                path: "json",
                pointer: "/rates/01",
                demand: most5,
                answer: .inconclusive,
                evidence: "has nothing at /rates/01"
            ),
            Probe(
                path: "json",
                pointer: "/queue",
                demand: most5,
                answer: .inconclusive,
                evidence: "is no text, number or truth value"
            ),
            Probe(
                path: "json",
                pointer: "/word",
                demand: most5,
                answer: .inconclusive,
                evidence: "is 'NaN', which is no number"
            ),
            Probe(path: "ok", pointer: "/word", demand: most5, answer: .inconclusive, evidence: "answered no JSON"),
        ]
    )
    func probes(_ row: Probe) async throws {
        let server = try AnswerServer(["/ok": (200, "ok"), "/json": (200, Self.json)])
        defer { server.close() }
        let gate = HTTPGate(
            url: "http://127.0.0.1:\(try await server.port())/\(row.path)",
            status: row.status,
            pointer: try row.pointer.map(JSONPointer.init(parsing:)),
            demand: row.demand
        )
        let verdict = try await judge(.http(gate))
        #expect(verdict.answer == row.answer)
        #expect(verdict.evidence.contains(row.evidence), "\(verdict.evidence)")
    }

    @Test("A server that can't be reached says nothing about the release")
    func unreachable() async throws {
        let verdict = try await judge(.http(HTTPGate(url: "http://127.0.0.1:1/")))
        #expect(verdict.answer == .inconclusive)
        #expect(verdict.evidence.contains("refused"))
    }

    // MARK: In a rollout

    @Test("A rollout asks its gate, goes back when it fails, and the ledger has the evidence", .timeLimit(.minutes(1)))
    func rollout() async throws {
        let fixture = try RolloutFixture(
            hosts: 3,
            gates: [Gate(name: Self.name, question: .command(["sh", "-c", "echo 40% fail; exit 1"]))]
        )
        let rollout = try await fixture.open()
        let engine = try await fixture.engine(rollout, MachineHosts(fixture.plan))
        let summary = try await engine.run(by: "alice@laptop")
        #expect(summary.outcome == .rolledBack)
        #expect(summary.headline.contains("gate errors of stage canary failed: sh ended with 1: 40% fail"))
        let events = try await fixture.ledger.records(of: rollout.id).compactMap(\.event?.word)
        let verdicts = events.compactMap { word -> GateVerdict? in
            if case .judged(_, _, _, let verdict) = word { verdict } else { nil }
        }
        #expect(verdicts == [GateVerdict(.fail, "sh ended with 1: 40% fail", details: ["40% fail"])])
    }

    @Test("Hosts of the rollout are asked for the figures of their units", .timeLimit(.minutes(1)))
    func figures() async throws {
        let gates = [Gate(name: Self.name, question: .systemd(SystemdGate(maxErrorLines: 0)), retries: 0)]
        let fixture = try RolloutFixture(hosts: 3, gates: gates)
        let rollout = try await fixture.open()
        let engine = try await fixture.engine(rollout, MachineHosts(fixture.plan))
        let summary = try await engine.run(by: "alice@laptop")
        let details = try #require(summary.gates?.first?.verdict?.details)
        #expect(details.contains("web.service on web-1 has written 0 error lines"), "\(details)")
    }

    @Test("Who promotes is whoever says the word, whatever the word itself says", .timeLimit(.minutes(1)))
    func promotion() async throws {
        let fixture = try RolloutFixture(hosts: 3, gates: [Gate(name: Self.name, question: .person("look"))])
        let rollout = try await fixture.open()
        let engine = try await fixture.engine(rollout, MachineHosts(fixture.plan))
        let person = Task {
            for await news in await engine.watch() {
                guard case .announcement(.promotionAsked(let stage, _, _), _) = news else { continue }
                await engine.say(.promote(stage: stage, person: "root", reason: "well"), by: "bob@desk")
            }
        }
        let summary = try await engine.run(by: "alice@laptop")
        person.cancel()
        #expect(summary.outcome == .succeeded)
        #expect(summary.gates?.map(\.verdict?.evidence) == ["promoted by bob@desk: well"])
    }
}
