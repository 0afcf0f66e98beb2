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
        try await Self.settle(runtime, stage: .earlyBoot) {}
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
        return try await Self.settle(runtime, stage: .running) { await runtime.local.perform(call, user: user) }
    }

    /// Runs all services until `body` has ended and none of them is being changed.
    ///
    /// - Throws: What ended the services before that.
    static func settle<Value: Sendable>(
        _ runtime: AgentRuntime,
        stage: DiskFacts.Stage,
        _ body: @escaping @Sendable () async -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                try await runtime.agent.run(stage: stage)
                return nil
            }
            group.addTask {
                do {
                    try await runtime.agent.recovered()
                    let value = await body()
                    try await runtime.agent.idle()
                    return value
                } catch {
                    // A runner has ended; why is what the agent itself ends with.
                    return nil
                }
            }
            defer { group.cancelAll() }
            for try await case let value? in group { return value }
            throw CancellationError()
        }
    }
}
