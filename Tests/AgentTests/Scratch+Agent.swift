import Activation
import Configuration
import Logging
import Model
import Storage

@testable import Agent

extension Scratch {
    static let host = HostID(validated: "h1")

    var configuration: AgentConfiguration {
        var configuration = AgentConfiguration(fleet: FleetName(validated: "example"), host: Self.host)
        configuration.paths = paths
        configuration.unpackTool = "/bin/true"
        return configuration
    }

    /// A journal that knows one service, whose machine is `machine`.
    func remember(_ machine: ServiceMachine) async throws {
        _ = try Directory(creating: paths.state)
        _ = try Directory(creating: paths.services)
        let journal = try journal()
        let last = try await journal.machines().first?.sequence ?? 0
        _ = try await journal.store(machine, after: last, history: [])
    }

    func journal() throws -> AgentJournal {
        try AgentJournal(path: paths.database, thread: DedicatedThread(name: "test"))
    }

    var machine: ServiceMachine {
        ServiceMachine(host: Self.host, service: Self.service, environment: Self.environment)
    }

    func runtime(_ systemd: SilentSystemd, _ configuration: AgentConfiguration) async throws -> AgentRuntime {
        try await AgentRuntime(
            configuration,
            file: "agent.yml",
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            way: systemd.address
        )
    }
}
