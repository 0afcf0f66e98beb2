import Model
import Rollout
import Testing

@testable import Coordinator

/// What systemd says of units, as agents report it.
struct SystemdGateTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let name: String
        var active = "active"
        var result = "success"
        var restarts = 0
        let answer: GateVerdict.Answer
        var testDescription: String { name }
    }

    private func report(_ row: Row) throws -> ServiceReport {
        var report = ServiceReport(
            service: try ServiceName(parsing: "web"),
            environment: try EnvironmentName(parsing: "production")
        )
        report.unit = UnitState(
            unit: try UnitName(parsing: "web.service"),
            active: row.active,
            sub: "running",
            result: row.result,
            restarts: row.restarts
        )
        return report
    }

    private let well = Row(name: "well", answer: .pass)

    @Test(
        "A unit must be active, successful, and not restarted more often than it may",
        arguments: [
            Row(name: "well", answer: .pass),
            Row(name: "restarted as often as it may", restarts: 1, answer: .pass),
            Row(name: "restarted", restarts: 2, answer: .fail),
            Row(name: "out of memory", result: "oom-kill", answer: .fail),
            Row(name: "between two attempts", active: "activating", restarts: 1, answer: .fail),
        ]
    )
    func units(_ row: Row) async throws {
        let names = try GateFixture.subject(hosts: [0, 1]).hosts
        let subject = try GateFixture.subject(
            hosts: [0, 1],
            reports: [names[0]: try report(well), names[1]: try report(row)]
        )
        let verdict = await SystemdGateJudge(SystemdGate(maxRestarts: 1)).judge(subject)
        #expect(verdict.answer == row.answer)
        #expect(verdict.details.last?.contains("web.service on web-2 is \(row.active)") == true, "\(verdict.details)")
        guard row.answer == .fail else { return }
        let found = "web.service on web-2 is \(row.active), result \(row.result), \(row.restarts) restarts"
        #expect(verdict.evidence == "\(found); expected active, result success, at most 1 restarts")
    }

    @Test("A host that does not report, or has no unit, is no pass; one that failed counts all the same")
    func missing() async throws {
        let judge = SystemdGateJudge(SystemdGate())
        let names = try GateFixture.subject(hosts: [0, 1]).hosts
        let half = try GateFixture.subject(hosts: [0, 1], reports: [names[1]: try report(well)])
        let unheard = await judge.judge(half)
        #expect(unheard.answer == .inconclusive)
        #expect(unheard.evidence == "web-1 has not reported")
        var blind = try report(well)
        blind.unit = nil
        let none = try GateFixture.subject(hosts: [0], reports: [names[0]: blind])
        #expect(await judge.judge(none).evidence == "web-1 reports no unit")
        let bad = try report(Row(name: "", restarts: 1, answer: .fail))
        #expect(await judge.judge(try GateFixture.subject(hosts: [0, 1], reports: [names[1]: bad])).answer == .fail)
        #expect(await judge.judge(try GateFixture.subject(hosts: [])).answer == .inconclusive)
    }
}
