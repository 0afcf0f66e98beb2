import Agent
import ArgumentParser
import Model

/// The `agent` command: the agent itself, and what an operator types on a host.
@main
struct AgentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent",
        abstract: "Run releases on this host: prepare, switch, check, take back.",
        discussion: """
            Everything but 'run' asks the running agent over its local socket, or works without it. 'agent --version' shows \
            the version.
            """,
        subcommands: [
            Run.self, Status.self, History.self, Plan.self, Apply.self, Rollback.self, Verify.self, Repair.self,
            Unhold.self, Join.self, Recover.self,
        ]
    )

    static func main() async {
        // The parser's own --version would answer every wrong use of a command that has one, too, and with success.
        if CommandLine.arguments.dropFirst() == ["--version"] { return print(FleetVersion.text) }
        await main(nil)
    }
}
