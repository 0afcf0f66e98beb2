import ArgumentParser
import Coordinator
import Model

/// `fleet hosts`: the inventory as it is understood.
struct HostsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hosts",
        abstract: "List the hosts of every environment, as fleet.yml and inventories say."
    )

    @OptionGroup var common: CommonOptions

    @OptionGroup var selection: SelectionOptions

    @OptionGroup var output: OutputOptions

    /// One host, as machines get it.
    private struct Row: Encodable {
        let service: ServiceName
        let environment: EnvironmentName
        let host: Host
    }

    func run() async throws {
        let found = try await common.desk().environments(selection.selection)
        let rows = found.flatMap { place in
            place.hosts.map { Row(service: place.service, environment: place.name, host: $0) }
        }
        var table = Table("SERVICE", "ENVIRONMENT", "HOST", "ADDRESS", "REGION", "ZONE", "WEIGHT")
        for row in rows {
            let host = row.host
            table.add(
                row.service.text,
                row.environment.text,
                host.id.text,
                "\(host.address):\(host.port)",
                host.region?.text ?? "-",
                host.zone?.text ?? "-",
                "\(host.weight)"
            )
        }
        try output.render(rows, text: table.lines)
    }
}
