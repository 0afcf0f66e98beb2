import ArgumentParser
import Coordinator
import Model
import Trust

extension TrustCommands {
    /// `fleet trust show`: what is in force, what is proposed, and who has signed.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the present trust root, and the proposed one with what it changes and who has signed it."
        )

        @OptionGroup var common: CommonOptions

        @Argument(help: "A root or proposal in a file instead.", completion: .file())
        var path: String?

        func run() throws {
            if let path {
                let signed = try SignedRoot(json: try SmallFile.read(path), name: path)
                for line in RootText(signed, after: nil).lines { Console.result(line) }
                return
            }
            let roots = TrustRoots(try common.workspace())
            let chain = try roots.chain()
            if let last = chain.last {
                for line in RootText(last, after: chain.dropLast().last?.root).lines { Console.result(line) }
            } else {
                Console.note("hosts follow no trust root: they believe what 'fleet host add' brings them")
            }
            guard let proposal = try roots.proposal() else { return }
            Console.result("proposed:")
            for line in RootText(proposal, after: chain.last?.root).lines { Console.result(line) }
        }
    }
}
