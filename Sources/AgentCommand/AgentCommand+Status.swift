import Agent
import ArgumentParser
import Configuration
import Model

extension AgentCommand {
    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what this host runs, and how well.",
            discussion: "Without an agent nobody asks the services, so their health is unknown."
        )

        @OptionGroup var host: HostOptions

        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            let configuration = try host.configuration()
            let report = try await Self.report(configuration)
            print(json ? try LocalJSON.text(report) : StatusText(report).text)
        }

        private static func report(_ configuration: AgentConfiguration) async throws -> HostReport {
            switch try LocalClient(path: configuration.paths.socket).ask(.status) {
            case .status(let report)?: return report
            case let reply?: throw ReplyText(reply).failure
            case nil:
                FileText.complain("agent: no agent runs on this host; this is what it wrote down last")
                return try await StoredStatus.read(configuration)
            }
        }
    }
}
