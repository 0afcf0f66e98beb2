import ArgumentParser
import Coordinator
import Model

/// `fleet status`: what runs where, asked of the hosts.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what runs where: version, revision, health, drift. Asks every host.",
        discussion:
            "A host that gives no answer is shown as unreachable. The exit code is 3 if a host is not as its release left "
            + "it, else 0."
    )

    @OptionGroup var common: CommonOptions

    @OptionGroup var selection: SelectionOptions

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let status = try await common.desk().status(selection.selection)
        try output.render(status, text: StatusText(status, at: CoordinatorClock().wall).lines)
        if status.contains(where: \.hasDrifted) { try ExitStatus.refused.leave() }
    }
}
