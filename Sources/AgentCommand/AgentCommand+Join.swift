import Agent
import ArgumentParser
import Configuration
import Model
import Trust

extension AgentCommand {
    struct Join: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make this host a member of a fleet, by a token from 'fleet host token'.",
            discussion:
                "The key is made here. Repeated after a failure or a crash, it goes on where it was; on a member it changes "
                + "nothing. Then 'systemctl enable --now agent', and 'systemctl restart agent' where one ran."
        )

        @OptionGroup var host: HostOptions

        @Argument(help: "The token; - reads it from the standard input, where no other user can see it.")
        var token: String

        @Option(help: "Where 'fleet serve' listens, HOST:PORT.", transform: HostPort.init(parsing:))
        var coordinator: HostPort

        @Option(help: "TCP port for the agent to listen on, where agent.yml does not say.")
        var port = Host.defaultPort

        @Flag(help: "Ask for another certificate even if this host has one that is good.")
        var replace = false

        func validate() throws {
            guard 1...65_535 ~= port else { throw ValidationError("--port must be 1 to 65535") }
        }

        func run() async throws {
            do {
                let text = token == "-" ? readLine(strippingNewline: true) ?? "" : token
                let existing = try FileText.read(host.config).map { try AgentFile.parse($0, file: host.config) }
                let join = try HostJoin(
                    try JoinToken(parsing: text),
                    existing: existing,
                    file: host.config,
                    port: port,
                    logger: HostOptions.logger()
                )
                try await report(join.run(at: coordinator, replacing: replace))
            } catch let error as JoinError {
                FileText.complain("agent: \(error)")
                throw error.code == .refused ? ExitCode.refused : ExitCode.failed
            }
        }

        private func report(_ outcome: HostJoin.Outcome) {
            switch outcome {
            case .joined(let until): print("joined; its certificate holds until \(until)")
            case .member(let until): print("this host is a member already, until \(until); nothing was changed")
            }
        }
    }
}
