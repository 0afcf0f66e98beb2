internal import Activation
package import Configuration
internal import Glibc
package import Logging
package import Model

/// What happens to uncommitted releases when no agent is there to look after them.
package struct Recovery: Sendable {
    private let configuration: AgentConfiguration
    private let file: String
    private let logger: Logger

    package init(_ configuration: AgentConfiguration, file: String, logger: Logger) {
        self.configuration = configuration
        self.file = file
        self.logger = logger
    }

    /// Decides, before any managed unit may start, which release each service runs.
    ///
    /// On a host where the agent was installed since its last boot, the first unit that is started asks for this while the
    /// agent runs: there is nothing to decide then.
    package func atBoot() async throws {
        let runtime: AgentRuntime
        do {
            runtime = try await AgentRuntime(configuration, file: file, logger: logger, way: .managerSocket())
        } catch let error as FileError where error.operation == "flock" && error.errno == EWOULDBLOCK {
            return logger.notice("an agent runs, and decides")
        }
        try await settle(runtime, stage: .earlyBoot) {}
    }

    /// Does what the dead-man's timer of one service is there for.
    ///
    /// A running agent is told; without one the decision is taken and performed here.
    package func deadMan(_ service: ServiceName) async throws -> LocalReply {
        if let reply = try LocalClient(path: configuration.paths.socket).ask(.deadMan(service)) { return reply }
        return try await offline(.deadMan(service), user: "the dead-man's timer")
    }

    /// Does what a person asks for while no agent runs.
    package func offline(_ call: LocalCall, user: String) async throws -> LocalReply {
        let runtime = try await AgentRuntime(configuration, file: file, logger: logger)
        var reply = LocalReply.failed(Failure(.internalError, "the agent ended without an answer"))
        try await settle(runtime, stage: .running) {
            reply = await runtime.local.perform(call, user: user)
        }
        return reply
    }

    /// Runs all services until none of them is being changed.
    private func settle(
        _ runtime: AgentRuntime,
        stage: DiskFacts.Stage,
        _ body: () async -> Void
    ) async throws {
        let running = Task { try await runtime.agent.run(stage: stage) }
        await runtime.agent.recovered()
        await body()
        await runtime.agent.idle()
        running.cancel()
        do { try await running.value } catch is CancellationError {}
    }
}
