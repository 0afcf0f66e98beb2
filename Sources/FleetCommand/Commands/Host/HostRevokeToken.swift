import ArgumentParser
import Coordinator
import Model

extension HostCommands {
    /// `fleet host revoke-token`: a token that went astray is worth nothing any more.
    struct RevokeToken: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke-token",
            abstract: "Revoke join tokens; a certificate that was issued for one is revoked with 'fleet ca revoke'."
        )

        @OptionGroup var common: CommonOptions

        @Argument(help: ArgumentHelp("Whose, or which, as 'fleet host tokens' shows it.", valueName: "host|id"))
        var token: String

        func run() async throws {
            let revoked = try await JoinTokens(try common.workspace()).revoke(token, at: CoordinatorClock().wall)
            for item in revoked { Console.result("\(item.id.short) for \(item.host)") }
        }
    }
}
