import ArgumentParser
import Coordinator
import Model

extension HostCommands {
    /// `fleet host tokens`: what became of the tokens.
    struct Tokens: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List join tokens: for whom, by whom, until when, and what became of them."
        )

        @OptionGroup var common: CommonOptions

        @Flag(help: "Those that can't be used any more, too.")
        var all = false

        @OptionGroup var output: OutputOptions

        func run() async throws {
            let now = CoordinatorClock().wall
            let tokens = try await JoinTokens(try common.workspace()).all().filter { all || $0.isAlive(at: now) }
            var table = Table("ID", "HOST", "STATE", "UNTIL", "MADE BY", "REFUSED")
            for token in tokens {
                table.add(
                    token.id.short,
                    token.host.text,
                    token.state(at: now).rawValue,
                    "\(token.until)",
                    token.madeBy,
                    "\(token.refusals)"
                )
            }
            try output.render(tokens, text: table.lines)
        }
    }
}
