import ArgumentParser

/// `fleet host …`: servers enter and leave the fleet.
struct HostCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "host",
        abstract: "Bring servers into the fleet, and out of it.",
        subcommands: [Add.self, Token.self, Tokens.self, RevokeToken.self, Remove.self, Unhold.self]
    )
}
