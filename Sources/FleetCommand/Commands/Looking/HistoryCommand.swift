import ArgumentParser
import Coordinator
import Model
import Rollout

/// `fleet history`: the rollouts of the ledger.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "List rollouts, newest first: what, where, by whom, and how they ended."
    )

    @OptionGroup var common: CommonOptions

    @OptionGroup var selection: SelectionOptions

    @Option(name: [.customShort("n"), .long], help: "Most rollouts to list.")
    var limit = 20

    @OptionGroup var output: OutputOptions

    /// One rollout, as machines get it.
    private struct Row: Encodable {
        let rollout: String
        let startedAt: WallTime
        let startedBy: String
        let kind: Plan.Kind
        let service: ServiceName
        let environment: EnvironmentName
        let target: ReleaseID
        let outcome: Outcome?
        let took: TimeSpan?
        let reason: String?
        /// When it is, or was, to start.
        let schedule: StartSchedule?
    }

    func run() async throws {
        let rollouts = try await common.desk().rollouts(.newest(limit, of: selection.selection))
        let rows = rollouts.map(Self.row)
        var table = Table("ROLLOUT", "STARTED", "BY", "WHAT", "SERVICE", "ENVIRONMENT", "RELEASE", "OUTCOME", "TOOK")
        for row in rows {
            table.add(
                row.rollout,
                "\(row.startedAt)",
                row.startedBy,
                row.kind.rawValue,
                row.service.text,
                row.environment.text,
                "\(row.target)",
                row.outcome?.words ?? Self.progress(row),
                row.took.map { "\($0)" } ?? "-"
            )
        }
        try output.render(rows, text: table.lines)
    }

    private static func row(_ rollout: StoredRollout) -> Row {
        Row(
            rollout: rollout.id.label,
            startedAt: rollout.startedAt,
            startedBy: rollout.startedBy,
            kind: rollout.plan.kind,
            service: rollout.plan.service,
            environment: rollout.plan.environment,
            target: rollout.plan.target,
            outcome: rollout.summary?.outcome,
            took: rollout.summary?.took,
            reason: rollout.plan.reason,
            schedule: rollout.plan.schedule
        )
    }

    private static func progress(_ row: Row) -> String {
        guard let start = row.schedule?.at, start > CoordinatorClock().wall else { return "under way" }
        return "starts at \(start)"
    }
}
