import ArgumentParser
import Coordinator
import Model
import Rollout

/// `fleet status`: what runs where, asked of the hosts.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what runs where: version, revision, health, drift. Asks every host.",
        discussion:
            "The last lines are rollouts that have not ended, those that wait for their time among them. A host that gives no answer is shown as unreachable. The exit code is 3 if a host is not as its release left "
            + "it, else 0."
    )

    @OptionGroup var common: CommonOptions

    @OptionGroup var selection: SelectionOptions

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let desk = try common.desk()
        let status = try await desk.status(selection.selection)
        let underWay = await underWay(at: desk)
        try output.render(status, text: StatusText(status, at: CoordinatorClock().wall).lines + underWay)
        if status.contains(where: \.hasDrifted) { try ExitStatus.refused.leave() }
    }

    /// Rollouts that have not ended, and what they wait for.
    ///
    /// What hosts say is shown whatever is wrong with the ledger.
    private func underWay(at desk: any Desk) async -> [String] {
        guard output.output == .text else { return [] }
        do { return try await lines(of: desk.rollouts(.unfinished).reversed(), at: desk) } catch {
            Console.note("rollouts that have not ended are not shown: \(error)")
            return []
        }
    }

    private func lines(of rollouts: [StoredRollout], at desk: any Desk) async throws -> [String] {
        var lines: [String] = []
        for rollout in rollouts
        where selection.selection.contains(rollout.plan.service, rollout.plan.environment) {
            let view = try await desk.view(of: rollout)
            let phase = view.pause == nil ? view.phase.name : "paused"
            let place = "\(view.service) in \(view.environment)"
            lines.append(
                "\(rollout.id.label) to \(view.target), \(place): \(phase), \(view.pause?.message ?? view.why)"
            )
        }
        return lines
    }
}
