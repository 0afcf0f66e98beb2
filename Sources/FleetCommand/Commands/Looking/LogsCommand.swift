import ArgumentParser
import Coordinator
import Model
import Protocol
import Session

/// `fleet logs`: a service's journal on one host.
struct LogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Show a service's journal lines from one host."
    )

    @OptionGroup var common: CommonOptions

    @Argument(help: "Service.", transform: ServiceName.init(parsing:))
    var service: ServiceName

    @Option(help: "Host, as fleet.yml names it.", transform: HostID.init(parsing:))
    var host: HostID

    @Flag(name: .shortAndLong, help: "Go on with new lines as they come.")
    var follow = false

    @Option(name: [.customShort("n"), .long], help: "Lines of the past to begin with.")
    var lines = 100

    @OptionGroup var output: OutputOptions

    mutating func validate() throws {
        guard 0...LogQuery.mostPast ~= lines else { throw ValidationError("--lines must be 0 to \(LogQuery.mostPast)") }
    }

    func run() async throws {
        let desk = try common.desk()
        let environments = try await desk.workspace.environments(in: desk.configuration, service: service)
        guard let member = environments.flatMap(\.hosts).first(where: { $0.id == host }) else {
            throw CoordinatorError(
                .hostUnknown,
                "\(service) has no host called '\(host)'; 'fleet hosts \(service)' lists them"
            )
        }
        let query = LogQuery(service: service, past: lines, end: follow ? .never : .now)
        let format = output.output
        try await desk.dialer().withSession(member) { session in
            try await session.logs(query) { for line in $0 { try Self.show(line, as: format) } }
        }
    }

    private static func show(_ line: LogLine, as format: OutputOptions.Format) throws {
        switch format {
        case .text: Console.result("\(line.at) \(line.unit): \(line.text)")
        case .json: Console.result(try JSONOutput.text(line, isPretty: false))
        }
    }
}
