import ArgumentParser
import Coordinator
import Model

/// `fleet status`: what runs where, asked of the hosts.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what runs where: version, revision, health, drift. Asks every host.",
        discussion: "A host that gives no answer is shown as unreachable; the exit code is 0 all the same."
    )

    @OptionGroup var common: CommonOptions

    @OptionGroup var selection: SelectionOptions

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let status = try await common.desk().status(selection.selection)
        try output.render(status, text: StatusText(status, at: CoordinatorClock().wall).lines)
    }
}
