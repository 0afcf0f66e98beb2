package import Configuration
package import Logging
internal import Model
internal import NIOCore
internal import NIOPosix
internal import Protocol
internal import ServiceLifecycle
internal import Session
internal import TLS

/// The coordinator of a team: one ledger, one engine for all rollouts, and a desk for every operator who connects.
///
/// It holds nothing that the ledger does not: killed at any moment and started again, it goes on with all rollouts.
package struct FleetServer: Service {
    private let bench: Workbench
    private let listener: SessionListener
    private let identity: ServingIdentity

    /// Opens the ledger and binds the socket; nothing runs yet.
    package init(_ workspace: Workspace, listen: HostPort, logger: Logger) async throws {
        bench = Workbench(workspace, as: .coordinator, logger: logger)
        // What is missing is said before anybody connects.
        _ = try workspace.configuration()
        _ = try await bench.ledger()
        let credentials = try workspace.credentials(as: .coordinator)
        identity = try ServingIdentity(credentials, in: workspace, logger: logger)
        let hello = Hello(software: FleetVersion.text, fleet: credentials.fleet, name: credentials.name)
        var configuration = SessionConfiguration(hello: hello)
        configuration.logger = logger
        let address = try await NIOThreadPool.singleton.runIfActive {
            try SocketAddress.makeAddressResolvingHost(listen.host, port: listen.port)
        }
        listener = try await SessionListener.bind(to: address, over: .endpoint(identity.endpoint), configuration)
    }

    /// Where it listens; the port that the system has picked where none was asked for.
    package var place: HostPort {
        HostPort(host: listener.address.ipAddress ?? "", port: listener.address.port ?? 0)
    }

    package func run() async throws {
        let rollouts = RunningRollouts(bench)
        let service = DeskService(bench: bench, rollouts: rollouts, proposals: Proposals(), joins: JoinDesk(bench))
        bench.logger.notice("coordinator listens", metadata: ["address": "\(place)"])
        try await cancelWhenGracefulShutdown {
            try await withThrowingTaskGroup { group in
                group.addTask {
                    try await rollouts.resumeAll()
                    try await Readiness().run()
                }
                group.addTask { try await listener.run(handler: service) }
                group.addTask { try await identity.follow() }
                group.addTask { try await ReturnKeeper(bench, rollouts).run() }
                defer { group.cancelAll() }
                do { try await group.next() } catch is CancellationError where Task.isCancelled { return }
            }
        }
        await rollouts.stop()
    }
}
