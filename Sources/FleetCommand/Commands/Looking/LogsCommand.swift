import ArgumentParser
import Coordinator
import Model
import Protocol

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
        let query = HostLogQuery(service: service, host: host, past: lines, follows: follow)
        let format = output.output
        try await common.desk().logs(query) { for line in $0 { try Self.show(line, as: format) } }
    }

    private static func show(_ line: LogLine, as format: OutputOptions.Format) throws {
        switch format {
        case .text: Console.result("\(line.at) \(line.unit): \(line.text)")
        case .json: Console.result(try JSONOutput.text(line, isPretty: false))
        }
    }
}
