import ArgumentParser
import CLinux
import Coordinator
import Glibc
import Model

/// The `fleet` command: parses, calls the coordinator, renders, and answers with an exit code.
@main
struct Fleet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fleet",
        abstract: "Roll signed releases over plain systemd servers, and take them back when they turn bad.",
        discussion: """
            The first hour: 'fleet init', 'fleet host add root@SERVER', then 'fleet rollout web ./dist --env dev'.

            Results go to standard output, everything else to standard error. The exit code of a rollout is its outcome: \
            0 succeeded, 2 failed, 3 refused, 4 rolled back, 5 paused, 6 incomplete, 7 aborted; 64 is wrong usage. \
            'fleet --version' shows the version.
            """,
        groupedSubcommands: [
            CommandGroup(
                name: "Beginning",
                subcommands: [
                    InitCommand.self, DoctorCommand.self, HostCommands.self, AgentsCommands.self, ServeCommand.self,
                ]
            ),
            CommandGroup(
                name: "Rolling out",
                subcommands: [
                    PlanCommand.self, RehearseCommand.self, RolloutCommand.self, RollbackCommand.self,
                    RestartCommand.self, RemoveCommand.self, WatchCommand.self, PauseCommand.self, ResumeCommand.self,
                    RetryCommand.self,
                    PromoteCommand.self, AbortCommand.self, CatchUpCommand.self, ApproveCommand.self,
                    ApprovalsCommand.self,
                ]
            ),
            CommandGroup(
                name: "Looking",
                subcommands: [
                    StatusCommand.self, WhyCommand.self, HistoryCommand.self, DiffCommand.self, LogsCommand.self,
                    HostsCommand.self,
                ]
            ),
            CommandGroup(
                name: "Trust",
                subcommands: [
                    ArtifactCommands.self, TrustCommands.self, AuthorityCommands.self, KeyCommand.self,
                    AuditCommands.self,
                    BackupCommands.self,
                ]
            ),
        ]
    )

    static func main() async {
        // A reader that goes away (`fleet status | head`) is no reason for a message.
        signal(SIGPIPE, SIG_DFL)
        // An arena per thread (mallopt(3)) keeps what a burst to a thousand hosts has freed, and costs a quarter more memory.
        fleet_limit_arenas(2)
        // The parser's own --version would answer every wrong use of a command that has one, too, and with success.
        if CommandLine.arguments.dropFirst() == ["--version"] { return Console.result(FleetVersion.text) }
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            guard let status = ExitStatus(refusing: error) else { exit(withError: error) }
            Console.note("fleet: \(error)")
            Glibc.exit(status.rawValue)
        }
    }
}
