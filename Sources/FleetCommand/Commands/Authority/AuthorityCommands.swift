import ArgumentParser

/// `fleet ca …`: the fleet's certificate authority.
struct AuthorityCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ca",
        abstract: "Say who is a member: issue, renew and revoke certificates.",
        subcommands: [Init.self, Issue.self, List.self, Renew.self, RenewHosts.self, Revoke.self]
    )
}
