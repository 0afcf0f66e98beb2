import ArgumentParser
import Coordinator
import Trust

/// `fleet trust …`: who may change whom the hosts believe.
struct TrustCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust",
        abstract: "Change whom hosts believe, by a trust root that several people sign.",
        discussion: """
            Without a root hosts believe the files that 'fleet host add' brought them, and root on the host changes them. \
            With one they follow versions 1, 2, 3 …, each signed by enough keys of the version before and of its own:

            fleet trust key ada.pem; fleet trust propose --key ada=ada.pem.pub --key bob=bob.pem.pub; \
            fleet trust sign --key ada.pem; fleet trust publish
            """,
        subcommands: [Key.self, Propose.self, Sign.self, Show.self, Publish.self]
    )
}

extension TrustCommands {
    /// `fleet trust key`: makes a key for a person.
    struct Key: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a key (Ed25519), and FILE.pub beside it.")

        @Argument(help: "File to write; keep it secret, and off this machine.", completion: .file())
        var file: String

        func run() throws {
            let key = try SigningKey.generate()
            try key.write(to: file)
            try key.publicKey.write(to: "\(file).pub")
            Console.result("\(file).pub")
        }
    }
}
