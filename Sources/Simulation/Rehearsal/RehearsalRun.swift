package import Model
import Rollout

/// How one run of a rehearsal went.
package struct RehearsalRun: Hashable, Encodable, Sendable {
    package let number: Int
    /// What went wrong in it.
    package let trouble: String
    /// `succeeded`, `rolledBack`, … or `paused`, where it waits for a person.
    package let end: String
    /// Why, in one sentence.
    package let headline: String
    /// From its start until its end, in virtual time.
    package let took: TimeSpan
    /// Least weight in service that its coordinator has seen.
    package let lowest: Int?
    /// Broken invariants: none, or Fleet itself has a defect.
    package let violations: [String]
    package let trace: [String]

    private enum CodingKeys: CodingKey {
        case number, trouble, end, headline, took, lowest, violations
    }

    init(_ number: Int, _ trouble: String, _ report: SimulationReport, of plan: Plan) {
        self.number = number
        self.trouble = trouble
        let words = Words(plan)
        let outcome = report.summary?.outcome ?? (report.pause == nil ? nil : .paused)
        end = outcome?.rawValue ?? "noEnd"
        headline = words.real(report.summary?.headline ?? report.pause?.message ?? "it has not ended")
        took = report.summary?.took ?? report.took
        lowest = report.lowest
        violations = report.violations.map(words.named)
        trace = report.trace.map(words.named)
    }
}

/// Puts a plan's own names where a simulation has its.
private struct Words {
    private let names: [(simulated: String, real: String)]
    private let hosts: [String]

    init(_ plan: Plan) {
        names =
            [(Scenario.target.description, plan.target.description)]
            + (plan.previous.map { [(Scenario.before.description, $0.description)] } ?? [])
        hosts = plan.hosts.map(\.id.text)
    }

    func real(_ text: String) -> String { names.reduce(text) { $0.replacing($1.simulated, with: $1.real) } }

    /// Traces and invariants count hosts, others name them.
    func named(_ text: String) -> String {
        real(text).replacing(/\bh(\d+)\b/) { match in
            Int(match.1).flatMap { hosts.indices.contains($0) ? hosts[$0] : nil } ?? String(match.0)
        }
    }
}
