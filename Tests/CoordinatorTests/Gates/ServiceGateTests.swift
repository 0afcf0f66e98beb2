import Model
import Rollout
import Testing

@testable import Coordinator

/// Gates of another service, judged with its hosts and its name.
struct ServiceGateTests {
    private static func gate(_ name: String, _ script: String) -> Gate {
        Gate(name: GateName(validated: name), question: .command(["sh", "-c", script]))
    }

    private func judge(_ gates: [Gate]?) async throws -> GateVerdict {
        let hosts = [try HostID(parsing: "api-1"), try HostID(parsing: "api-2")]
        let question = ServiceGate(
            service: try ServiceName(parsing: "api"),
            names: (gates ?? []).map(\.name),
            resolved: gates.map { ServiceGate.Resolved(hosts: hosts, gates: $0) }
        )
        let gate = Gate(name: GateName(validated: "api"), question: .service(question))
        return await GateJudge(directory: "/").judge(gate, of: try GateFixture.subject(hosts: [0]))
    }

    @Test("They are told of the other service, and pass when all do")
    func pass() async throws {
        let verdict = try await judge([
            Self.gate("errors", "echo $FLEET_SERVICE $FLEET_HOSTS in $FLEET_ENVIRONMENT by $FLEET_ROLLOUT"),
            Self.gate("queue", "echo short"),
        ])
        #expect(verdict.answer == .pass)
        #expect(verdict.evidence == "gates errors, queue of api passed")
        #expect(
            verdict.details.contains(
                "gate errors of api passed: sh ended with 0: api api-1 api-2 in production by R17"
            ),
            "\(verdict.details)"
        )
    }

    @Test("One that fails is what counts, then one that is not known")
    func fail() async throws {
        let unknown = Self.gate("queue", "echo no data; exit 2")
        let bad = Self.gate("errors", "echo 40% fail; exit 1")
        let failed = try await judge([unknown, bad])
        #expect(failed.answer == .fail)
        #expect(failed.evidence == "gate errors of api failed: sh ended with 1: 40% fail")
        let lacking = try await judge([Self.gate("look", "exit 0"), unknown])
        #expect(lacking.answer == .inconclusive)
        #expect(lacking.evidence == "gate queue of api inconclusive: sh ended with 2: no data")
    }

    @Test("Without what stood in fleet.yml nothing is asked")
    func unresolved() async throws {
        let verdict = try await judge(nil)
        #expect(verdict.answer == .inconclusive)
        #expect(verdict.evidence == "the plan does not say what is asked about api")
    }
}
