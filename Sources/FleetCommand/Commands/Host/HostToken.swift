import ArgumentParser
import Coordinator
import Model
import Trust

extension HostCommands {
    /// `fleet host token`: lets one server become a member by itself.
    struct Token: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token by which one server can become a member, once ('agent join').",
            discussion: """
                For servers that you can't reach by ssh: cloud-init, images, behind a firewall. It prints the token alone; where \
                the agent is installed, 'agent join TOKEN --coordinator HOST:PORT' does the rest. The server makes its key \
                itself. Until it is used, whoever has the token can join in the server's place: hand it over as you would a \
                password. It runs where the fleet's authority is, and 'fleet serve' must run there, too. A new token ends the one \
                that the same host had before.
                """
        )

        @OptionGroup var common: CommonOptions

        @Argument(help: "Name that the server will have in the fleet.", transform: HostID.init(parsing:))
        var host: HostID

        @Option(help: "How long it may be used, for example 1h.", transform: TimeSpan.init(parsing:))
        var valid: TimeSpan = JoinTokens.validity

        @Option(help: "Where the fleet will reach its agent, for the line of fleet.yml (default: its name).")
        var address: String?

        func run() async throws {
            let token = try await JoinTokens(try common.workspace())
                .make(for: host, valid: valid, at: CoordinatorClock().wall)
            let member = Host(id: host, address: address ?? host.text)
            Console.result(String(decoding: try token.text().reveal(), as: UTF8.self))
            Console.note("\(token.id.short) for \(host), until \(token.until), once; on the server, as root:")
            Console.note("    agent join TOKEN --coordinator HOST:PORT && systemctl enable --now agent")
            Console.note("its line under 'hosts:' in fleet.yml:")
            Console.note("    \(HostEnrolment.line(for: member))")
        }
    }
}
