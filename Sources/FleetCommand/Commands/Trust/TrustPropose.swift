import ArgumentParser
import Coordinator
import Model
import Trust

extension TrustCommands {
    /// `fleet trust propose`: writes the next version, which nobody has signed yet.
    struct Propose: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Propose the next trust root, from the files in .fleet.",
            discussion: """
                It says what hosts shall hold in /etc/fleet/trust: .fleet/builders, attesters, approvers, break-glass and \
                policy.yml as they are now. Keys and threshold stay as they are, but for what the options say.
                """
        )

        @OptionGroup var common: CommonOptions

        @Option(
            help: ArgumentHelp(
                "Key that counts from now on: NAME=FILE with the public half. May be given several times.",
                valueName: "name=file"
            )
        )
        var key: [String] = []

        @Option(help: ArgumentHelp("Key that counts no more. May be given several times.", valueName: "name"))
        var without: [String] = []

        @Option(help: "Distinct keys that must sign (default: as before; at first, more than half).")
        var threshold: Int?

        @Option(
            help:
                "When hosts stop to take releases without a newer root (RFC 3339; default: as before, at first never).",
            transform: WallTime.init(rfc3339:)
        )
        var expires: WallTime?

        @Flag(help: "The root never expires.")
        var neverExpires = false

        mutating func validate() throws {
            guard expires == nil || !neverExpires else {
                throw ValidationError("--expires or --never-expires, not both")
            }
        }

        func run() throws {
            let added = try key.map { text in
                guard let equals = text.firstIndex(of: "=") else { throw ValidationError("'\(text)' is not NAME=FILE") }
                let file = String(text[text.index(after: equals)...])
                return TrustRoot.Key(name: String(text[..<equals]), key: try VerificationKey(file: file))
            }
            let expiry: RootChange.Expiry = neverExpires ? .never : expires.map { .at($0) } ?? .asBefore
            let change = RootChange(added: added, removed: without, threshold: threshold, expiry: expiry)
            let roots = TrustRoots(try common.workspace())
            let proposal = try roots.propose(change)
            for line in RootText(proposal, after: try roots.chain().last?.root).lines { Console.note(line) }
            Console.result(roots.proposalPath)
        }
    }
}
