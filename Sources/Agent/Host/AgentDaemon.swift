internal import Artifacts
package import Configuration
internal import HTTP
package import Logging
internal import Model
internal import NIOCore
internal import NIOPosix
internal import Protocol
internal import ServiceLifecycle
internal import Session
internal import Storage
internal import TLS

/// The agent of one host, from its configuration to its end.
package struct AgentDaemon: Service {
    private let configuration: AgentConfiguration
    private let runtime: AgentRuntime
    private let identity: HostIdentity
    private let logger: Logger

    /// Takes the host's lock, opens the journal and reads the identity; nothing runs yet.
    ///
    /// - Throws: What keeps the agent from running, in words for the operator.
    package init(_ configuration: AgentConfiguration, file: String, logger: Logger) async throws {
        self.configuration = configuration
        var logger = logger
        logger[metadataKey: "host"] = "\(configuration.host)"
        self.logger = logger
        // Missing, it is noticed at the start of an agent, and not by who takes a release back.
        _ = try UnpackTool(path: AgentRuntime.unpackTool(configuration, beside: AgentRuntime.executable()))
        runtime = try await AgentRuntime(configuration, file: file, logger: logger, charge: .agent)
        await Self.pin(runtime, logger)
        identity = try HostIdentity(configuration, clock: runtime.host.clock, logger: logger)
    }

    /// Copies the agent while it is what runs; a disk that is full now is asked again before a change.
    private static func pin(_ runtime: AgentRuntime, _ logger: Logger) async {
        do {
            _ = try await BlockingThread.run { [pinned = runtime.host.pinned] in try pinned.recovery() }
        } catch {
            logger.warning("no copy of the agent for its timers", metadata: ["error": "\(error)"])
        }
    }

    package func run() async throws {
        let listener = try await listen()
        let local = LocalServer(
            path: configuration.paths.socket,
            group: runtime.group,
            logger: logger,
            handler: { call, user in await runtime.local.perform(call, user: user) }
        )
        let remote = RemoteService(runtime, configuration, identity: identity, logger: logger)
        let clock = runtime.host.clock
        let certificates = CertificateWatch(
            validity: { await identity.validity },
            logger: logger,
            now: { clock.wall }
        )
        logger.notice("agent listens", metadata: ["address": "\(listener.address)", "version": "\(FleetVersion.text)"])
        try await cancelWhenGracefulShutdown {
            try await withThrowingTaskGroup { group in
                group.addTask { try await runtime.agent.run() }
                group.addTask { try await listener.run(handler: remote) }
                group.addTask { try await local.run() }
                group.addTask { try await certificates.run() }
                group.addTask { try await runtime.agent.keepStoreSmall() }
                group.addTask {
                    try await Watchdog().run {
                        _ = await runtime.agent.report()
                        return true
                    }
                }
                defer { group.cancelAll() }
                do { try await group.next() } catch is CancellationError where Task.isCancelled { return }
            }
        }
    }

    private func listen() async throws -> SessionListener {
        let hello = Hello(
            software: FleetVersion.text,
            fleet: configuration.fleet,
            name: configuration.host.text,
            bootID: runtime.host.clock.bootID
        )
        var session = SessionConfiguration(hello: hello)
        session.reportSequence = { [feed = runtime.feed] in feed.sequence }
        session.logger = logger
        let address = try SocketAddress.makeAddressResolvingHost(
            configuration.listen.host,
            port: configuration.listen.port
        )
        return try await SessionListener.bind(
            to: address,
            over: .endpoint(identity.endpoint),
            session,
            group: runtime.group
        )
    }
}
