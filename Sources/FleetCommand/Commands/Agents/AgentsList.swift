import ArgumentParser
import Coordinator
import Model

extension AgentsCommands {
    /// `fleet agents list`: which agent runs where.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the version of every host's agent. Asks every host.",
            discussion: """
                RELEASE is what 'fleet agents upgrade' has brought; '-' is the agent of the host's package. A host that gives \
                no answer is shown as unreachable; the exit code is 0 all the same.
                """
        )

        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let status = try await common.desk().status(Selection(service: .agent))
            try output.render(status.map(AgentRow.init), text: AgentRow.table(status.map(AgentRow.init)))
        }
    }
}
