import Agent
import ArgumentParser
import Configuration
import Model

extension AgentCommand {
    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show what this host runs, and how well.")

        @OptionGroup var host: HostOptions

        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            let configuration = try host.configuration()
            let report: HostReport
            if case .status(let live) = try LocalClient(path: configuration.paths.socket).ask(.status) {
                report = live
            } else {
                FileText.complain("agent: no agent runs on this host; this is what it wrote down last")
                report = try await StoredStatus.read(configuration)
            }
            print(json ? try LocalJSON.text(report) : StatusText(report).text)
        }
    }
}
