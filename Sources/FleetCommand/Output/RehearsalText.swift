import Model
import Rollout
import Simulation

/// A rehearsal as people read it.
struct RehearsalText {
    let plan: Plan
    let report: RehearsalReport

    init(_ plan: Plan, _ report: RehearsalReport) {
        self.plan = plan
        self.report = report
    }

    var lines: [String] { header + [""] + table + [""] + reasons + defects }

    private var header: [String] {
        let ends = report.ends.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let lowest = report.lowest.map { "\($0) of \(plan.capacity.total)" } ?? "unknown"
        return [
            "\(plan.kind.rawValue) of \(plan.service) \(plan.target) in \(plan.environment) on \(plan.hosts.count) hosts, "
                + "rehearsed \(report.runs) times",
            "  ends      \(ends.map { "\($0.value) \(Self.words($0.key))" }.joined(separator: ", "))",
            "  capacity  \(lowest) in service at the lowest, floor \(plan.capacity.floor); hosts that die by themselves count",
            "  duration  \(Self.words(report.expected)) where nothing goes wrong, \(Self.words(report.worst)) at the worst",
        ]
    }

    private var table: [String] {
        var table = Table("WHAT GOES WRONG", "RUNS", "ENDS", "MEDIAN", "WORST", "LOWEST")
        for row in report.rows {
            let ends = row.ends.map { row.ends.count == 1 ? Self.words($0.end) : "\($0.runs) \(Self.words($0.end))" }
            table.add(
                row.trouble,
                "\(row.runs)",
                ends.joined(separator: ", "),
                Self.words(row.median),
                Self.words(row.worst),
                row.lowest.map(String.init) ?? "-"
            )
        }
        return table.lines
    }

    /// One example of every way to end that is not the one that is hoped for.
    private var reasons: [String] {
        report.rows.flatMap { row in
            row.ends.filter { $0.end != Outcome.succeeded.rawValue }.map { end in
                "\(row.trouble): run \(end.example) is \(Self.words(end.end)): \(end.headline)"
            }
        }
    }

    private var defects: [String] {
        report.defects.map { "DEFECT of Fleet in run \($0.number): \($0.violations.joined(separator: "; "))" }
    }

    private static func words(_ end: String) -> String { Outcome(rawValue: end)?.words ?? "without an end" }

    /// To the second: what is simulated is not known better.
    private static func words(_ span: TimeSpan?) -> String {
        span.map { "\(TimeSpan.seconds(($0.milliseconds + 500) / 1000))" } ?? "unknown"
    }
}
