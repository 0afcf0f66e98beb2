import ArgumentParser
import Coordinator
import Model
import Rollout

/// `fleet why`: where a rollout stands, or how it ended, with the evidence.
struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Explain a rollout: what it waits for, or how it ended and on what evidence."
    )

    @OptionGroup var common: CommonOptions

    @Argument(help: ArgumentHelp("Rollout, for example R17 (default: the newest).", valueName: "rollout"))
    var label: String?

    @OptionGroup var output: OutputOptions

    /// As machines get it.
    private struct Record: Encodable {
        let rollout: RolloutID
        let plan: Plan
        let startedBy: String
        let startedAt: WallTime
        let endedAt: WallTime?
        let view: RolloutView
        let summary: RolloutSummary?
    }

    func run() async throws {
        var choice = RolloutChoice()
        choice.label = label
        let desk = try common.desk()
        let rollout = try await choice.any(at: desk)
        let view = try await desk.view(of: rollout)
        let record = Record(
            rollout: rollout.id,
            plan: rollout.plan,
            startedBy: rollout.startedBy,
            startedAt: rollout.startedAt,
            endedAt: rollout.endedAt,
            view: view,
            summary: rollout.summary
        )
        try output.render(record, text: Self.lines(rollout, view))
    }

    private static func lines(_ rollout: StoredRollout, _ view: RolloutView) -> [String] {
        let origin = "\(rollout.id.label) was started by \(rollout.startedBy) at \(rollout.startedAt)"
        let reason = rollout.plan.reason.map { ["  reason: \($0)"] } ?? []
        let plan = PlanText(rollout.plan).lines
        if rollout.isFinished, let summary = rollout.summary {
            return [origin] + reason + plan + SummaryText(rollout.id, summary).lines
        }
        let next = view.pause.map { "  next: \($0.advice)" } ?? "  next: the same command as before goes on with it"
        let gates = GateText(view.gates).lines
        return [origin] + reason + plan + RolloutText(view).lines(width: 200) + gates + [next]
    }
}
