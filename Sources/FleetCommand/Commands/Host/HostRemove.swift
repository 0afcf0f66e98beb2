import ArgumentParser
import Coordinator
import Model

extension HostCommands {
    /// `fleet host remove`: takes the agent off a server.
    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove the agent and its certificate from a server; deployed services go on running."
        )

        @OptionGroup var common: CommonOptions

        @Argument(help: ArgumentHelp("Server, as ssh takes it.", valueName: "root@address[:port]"))
        var destination: String

        @Flag(name: .shortAndLong, help: "Don't ask before anything changes.")
        var yes = false

        func run() async throws {
            let access = try HostAccess(parsing: destination)
            let workspace = try common.workspace()
            try confirm(access)
            let host = await name(of: access)
            try await workspace.recording(.hostRemoved) {
                $0.hosts = host.map { [$0] }
                $0.before = "\(access)"
            } _: {
                try await HostRemoval(access).run()
            }
            if let host {
                try await workspace.revokeJoinTokens(of: [host], because: "its host was removed")
            }
            Console.note("\(access) is no member any more; remove its line from fleet.yml")
        }

        /// What fleet.yml calls the server with this address, else what the address says.
        private func name(of access: HostAccess) async -> HostID? {
            // An inventory that can't be read must keep no server in the fleet.
            let hosts = (try? await common.bench().hosts()) ?? []
            return hosts.first { $0.address == access.address }?.id ?? access.suggestedName
        }

        private func confirm(_ access: HostAccess) throws {
            guard !yes else { return }
            guard Console.isInteractive else { throw ValidationError("nobody can be asked here: say --yes") }
            Console.draw("Remove the agent from \(access)? Its services go on. [y/N] ")
            guard ["y", "yes"].contains(readLine()?.lowercased()) else { throw ExitCode(ExitStatus.refused.rawValue) }
        }
    }
}
