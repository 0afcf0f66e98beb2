import Model
import Rollout
import Testing

@testable import Coordinator

/// What units use and write, as agents answer it, and every way in which an answer can be missing.
struct UnitFiguresGateTests {
    fileprivate static let unit = UnitName(validated: "web.service")

    fileprivate static func using(
        memory: Int64? = 100,
        cpu: Int64? = 6,
        running: Int64? = 60,
        errors: Int? = 0
    ) -> UnitFigures {
        UnitFigures(
            unit: unit,
            invocation: "0123456789abcdef0123456789abcdef",
            running: running.map { .seconds($0) },
            memory: memory.map { .mebibytes($0) },
            processorTime: cpu.map { .seconds($0) },
            errorLines: errors
        )
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let name: String
        var gate: SystemdGate
        var changed: UnitFigures? = using()
        /// Of two hosts.
        var unchanged: [UnitFigures?] = [using(), using()]
        let answer: GateVerdict.Answer
        let evidence: String
        var testDescription: String { name }
    }

    private static let memory = SystemdGate(maxMemory: .percent(150))
    private static let load = SystemdGate(maxCPU: .percent(150))
    private static let errors = SystemdGate(maxErrorLines: 2)

    static let rows: [Row] = [
        Row(
            name: "as much memory",
            gate: memory,
            answer: .pass,
            evidence: "web.service on web-1 has 100 MiB memory, unchanged hosts 100 MiB; expected active"
        ),
        Row(
            name: "the median counts",
            gate: memory,
            changed: using(memory: 160),
            unchanged: [using(memory: 10), using(memory: 190)],
            answer: .fail,
            evidence:
                "web.service on web-1 has 160 MiB memory, unchanged hosts 100 MiB; expected active, result success, "
                + "at most 0 restarts, memory at most 150% of unchanged hosts"
        ),
        Row(
            name: "just as much as it may",
            gate: memory,
            changed: using(memory: 150),
            answer: .pass,
            evidence: "150"
        ),
        Row(
            name: "next to nothing, several times",
            gate: memory,
            changed: using(memory: 1),
            unchanged: [using(memory: 0), nil],
            answer: .pass,
            evidence: "has 1 MiB memory, unchanged hosts 0 B"
        ),
        Row(
            name: "memory is not counted here",
            gate: memory,
            changed: using(memory: nil),
            answer: .inconclusive,
            evidence: "web-1 does not count the memory of web.service"
        ),
        Row(
            name: "memory is counted nowhere else",
            gate: memory,
            unchanged: [using(memory: nil), nil],
            answer: .inconclusive,
            evidence: "no unchanged host says how much memory its unit uses"
        ),
        Row(
            name: "one of the others says it",
            gate: memory,
            changed: using(memory: 900),
            unchanged: [nil, using()],
            answer: .fail,
            evidence: "has 900 MiB memory, unchanged hosts 100 MiB"
        ),
        Row(
            name: "an agent that does not know the question",
            gate: memory,
            changed: nil,
            answer: .inconclusive,
            evidence: "web-1 does not say what its unit uses: "
        ),
        Row(
            name: "as much CPU, in less time",
            gate: load,
            changed: using(cpu: 3, running: 30),
            answer: .pass,
            evidence: "uses 0.1 CPUs, unchanged hosts 0.1"
        ),
        Row(
            name: "more CPU",
            gate: load,
            changed: using(cpu: 6, running: 30),
            answer: .fail,
            evidence: "web.service on web-1 uses 0.2 CPUs, unchanged hosts 0.1; expected active"
        ),
        Row(
            name: "next to no CPU, several times",
            gate: load,
            changed: using(cpu: 1, running: 200),
            unchanged: [using(cpu: 0), using(cpu: 0)],
            answer: .pass,
            evidence: "uses 0.005 CPUs, unchanged hosts 0;"
        ),
        Row(
            name: "CPU is not counted here",
            gate: load,
            changed: using(cpu: nil),
            answer: .inconclusive,
            evidence: "does not count the CPU time"
        ),
        Row(
            name: "it does not run",
            gate: load,
            changed: using(running: nil),
            answer: .inconclusive,
            evidence: "does not count the CPU time"
        ),
        Row(
            name: "CPU is counted nowhere else",
            gate: load,
            unchanged: [],
            answer: .inconclusive,
            evidence: "no unchanged host says how much CPU its unit uses"
        ),
        Row(
            name: "as many errors as it may",
            gate: errors,
            changed: using(errors: 2),
            unchanged: [],
            answer: .pass,
            evidence: "web.service on web-1 has written 2 error lines"
        ),
        Row(
            name: "more errors",
            gate: errors,
            changed: using(errors: 3),
            answer: .fail,
            evidence:
                "has written 3 error lines; expected active, result success, at most 0 restarts, at most 2 error lines"
        ),
        Row(
            name: "no journal",
            gate: errors,
            changed: using(errors: nil),
            answer: .inconclusive,
            evidence: "web-1 can't read the journal of web.service"
        ),
        Row(
            name: "errors, and memory that nobody counts",
            gate: SystemdGate(maxErrorLines: 0, maxMemory: .percent(100)),
            changed: using(memory: nil, errors: 1),
            answer: .fail,
            evidence: "has written 1 error lines"
        ),
    ]

    @Test("Units may use and write so much, and what is not known is no pass", arguments: rows)
    func figures(_ row: Row) async throws {
        let verdict = await SystemdGateJudge(row.gate).judge(try subject(row))
        #expect(verdict.answer == row.answer, "\(verdict)")
        #expect(verdict.evidence.contains(row.evidence), "\(verdict.evidence)")
    }

    private func subject(_ row: Row) throws -> GateSubject {
        let plan = try GateFixture.subject(hosts: [0, 1, 2]).hosts
        var report = ServiceReport(
            service: try ServiceName(parsing: "web"),
            environment: try EnvironmentName(parsing: "production")
        )
        report.unit = UnitState(unit: Self.unit, active: "active", sub: "running", result: "success", restarts: 0)
        let unchanged = Array(row.unchanged.indices.map { $0 + 1 })
        var subject = try GateFixture.subject(hosts: [0], unchanged: unchanged, reports: [plan[0]: report])
        var known = [plan[0]: row.changed]
        for (index, figures) in row.unchanged.enumerated() { known[plan[index + 1]] = figures }
        subject.figures = { [known] host in
            guard let figures = known[host] ?? nil else { throw Failure(.internalError, "no such request") }
            return figures
        }
        return subject
    }
}
