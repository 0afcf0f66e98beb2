import ArgumentParser

/// `fleet artifact …`: what is deployed, as a file.
struct ArtifactCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "artifact",
        abstract: "Pack, sign, attest, verify and inspect artifacts; for CI, and for people who check it.",
        subcommands: [Pack.self, Sign.self, Attest.self, Verify.self, Inspect.self]
    )
}
