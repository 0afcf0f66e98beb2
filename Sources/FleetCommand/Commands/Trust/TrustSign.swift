import ArgumentParser
import Coordinator
import Trust

extension TrustCommands {
    /// `fleet trust sign`: adds a person's signature to a proposal.
    struct Sign: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sign a proposed trust root, or take over signatures from a copy.",
            discussion: """
                People sign in any order, the same file after each other or copies of it: \
                'fleet trust sign --signed COPY' puts them together. With a FILE no workspace is needed.
                """
        )

        @OptionGroup var common: CommonOptions

        @Argument(help: "Proposal (default: the workspace's).", completion: .file())
        var proposal: String?

        @Option(
            help: ArgumentHelp("Private key in PEM to sign with. May be given several times.", valueName: "file"),
            completion: .file()
        )
        var key: [String] = []

        @Option(
            help: ArgumentHelp("Copy that others have signed. May be given several times.", valueName: "file"),
            completion: .file()
        )
        var signed: [String] = []

        mutating func validate() throws {
            guard !key.isEmpty || !signed.isEmpty else {
                throw ValidationError("give a --key, or a copy with --signed")
            }
        }

        func run() throws {
            let roots = proposal == nil ? TrustRoots(try common.workspace()) : nil
            let path = proposal ?? roots?.proposalPath ?? ""
            var root = try SignedRoot(json: try SmallFile.read(path), name: path)
            for copy in signed {
                try root.add(signaturesOf: try SignedRoot(json: try SmallFile.read(copy), name: copy))
            }
            for file in key { try root.sign(with: try SigningKey(file: file)) }
            try SmallFile.replace(path, try root.json(), mode: 0o644)
            for line in RootText(root, after: try roots?.chain().last?.root).lines { Console.note(line) }
            Console.result(path)
        }
    }
}
