import Agent
import ArgumentParser
import Model

/// The `agent` command: the agent itself, and what an operator types on a host.
@main
struct AgentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent",
        abstract: "Run releases on this host: prepare, switch, check, take back.",
        discussion: "Everything but 'run' asks the running agent over its local socket, or works without it.",
        version: FleetVersion.text,
        subcommands: [
            Run.self, Status.self, History.self, Plan.self, Apply.self, Rollback.self, Verify.self, Repair.self,
            Unhold.self, Join.self, Recover.self,
        ]
    )
}
