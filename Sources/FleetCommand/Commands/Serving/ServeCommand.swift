import ArgumentParser
import Configuration
import Coordinator
import Logging
import ServiceLifecycle
import UnixSignals

/// `fleet serve`: the coordinator of a team.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract:
            "Serve a team: one ledger, and rollouts that go on when terminals close. systemd runs it (fleet.service).",
        discussion: """
            Operators set 'coordinator: HOST:PORT' in their fleet.yml, or FLEET_COORDINATOR; their commands are then carried \
            out here. It needs a certificate: 'fleet ca issue coordinator NAME --out .fleet/coordinator'.
            """
    )

    @OptionGroup var common: CommonOptions

    @Option(help: "Where to listen.", transform: HostPort.init(parsing:))
    var listen = HostPort(host: "0.0.0.0", port: 7440)

    func run() async throws {
        var logger = common.logger
        logger.logLevel = common.verbose ? .debug : .notice
        let server = try await FleetServer(try common.workspace(), listen: listen, logger: logger)
        let group = ServiceGroup(services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        try await group.run()
    }
}
