import ArgumentParser

/// `fleet agents …`: the program on each host that everything else goes through.
struct AgentsCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agents",
        abstract: "Show which agent runs where, and replace them.",
        subcommands: [List.self, Upgrade.self],
        defaultSubcommand: List.self
    )
}
