import ArgumentParser

/// `fleet audit …`: the complete history of a fleet, and the proof that it is.
struct AuditCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Export everything that was done, and check that nothing of it was changed.",
        subcommands: [Export.self, Verify.self, Review.self, Introduce.self, Recover.self]
    )
}
