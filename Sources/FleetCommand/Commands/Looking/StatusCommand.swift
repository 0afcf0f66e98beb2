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
        let desk = try common.desk()
        let environments = try await desk.workspace.environments(
            in: desk.configuration,
            service: selection.service,
            environment: selection.environment
        )
        let status = await FleetStatus(try desk.dialer()).ask(environments)
        try output.render(status, text: StatusText(status, at: CoordinatorClock().wall).lines)
    }
}
