import Agent
import ArgumentParser
import Model

extension AgentCommand {
    struct History: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show how a service changed on this host, oldest first."
        )

        @OptionGroup var host: HostOptions

        @Argument(help: "The service.")
        var service: ServiceName

        @Option(help: "Number of changes.")
        var limit = 20

        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            let reply = try await host.perform(.history(service, limit: limit))
            guard case .history(let entries) = reply else { throw ReplyText(reply).failure }
            if json { return print(try LocalJSON.text(entries)) }
            for entry in entries {
                let operation = entry.operation
                let end = operation.failure.map { "\(operation.phase.rawValue): \($0)" } ?? operation.phase.rawValue
                let origin = "\(operation.origin)\(operation.reason.map { ": \($0)" } ?? "")"
                print("\(entry.endedAt)  \(operation.purpose.rawValue)  \(operation.target)  \(end)  (\(origin))")
            }
        }
    }
}
