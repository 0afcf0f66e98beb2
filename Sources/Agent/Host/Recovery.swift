internal import Activation
package import Configuration
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
            runtime = try await AgentRuntime(
                configuration,
                file: file,
                logger: logger,
                way: .managerSocket(),
                charge: .boot
            )
        } catch let error as FileError where error.isLocked {
            return logger.notice("an agent runs, and decides")
        }
        try await Self.settle(runtime, stage: .earlyBoot) {}
    }

    /// Does what the dead-man's timer of one service is there for.
    ///
    /// A running agent is told; without one the decision is taken and performed here. An agent that is just being replaced,
    /// or that died of the question, is waited for.
    package func deadMan(_ service: ServiceName) async throws -> LocalReply {
        for attempt in 1... {
            do {
                if let reply = try LocalClient(path: configuration.paths.socket).ask(.deadMan(service)) { return reply }
                return try await offline(.deadMan(service), user: "the dead-man's timer")
            } catch let error as FileError where Self.isPassing(error) && attempt < Self.attempts {
                try await Task.sleep(for: Self.pause)
            }
        }
        preconditionFailure("the loop has no end")
    }

    /// Longer than it takes to replace an agent, twice.
    private static let attempts = 240
    private static let pause = Duration.milliseconds(500)

    private static func isPassing(_ error: FileError) -> Bool { error.isLocked || error.operation == "recv" }

    /// Does what the timer of the agent's own service is there for: nobody asks the agent, which may hang.
    ///
    /// What takes over stops it, whoever it is, so nothing is done before the deadline that is stored.
    package func deadManOfAgent() async throws {
        while let left = try await timeLeft() {
            guard left > .zero else {
                let systemd = try Systemd()
                defer { systemd.close() }
                let command = RecoverCommand.words(of: try AgentRuntime.executable(), configuration: file)
                return try await systemd.launch(try EffectPerformer.takeover(command))
            }
            // The agent's own way back may have begun with the timer, and be over long before its deadline.
            try await Task.sleep(for: min(left.duration, Self.pause))
        }
        logger.notice("nothing of the agent is uncommitted")
    }

    /// Until what is in flight of the agent's own service must be taken back; nil when nothing is.
    private func timeLeft() async throws -> TimeSpan? {
        guard let deadline = try await AgentJournal.agent(in: configuration.paths)?.machine.deadline else { return nil }
        let now = HostClock(bootID: try AgentRuntime.bootID()).now
        return deadline.bootID == now.bootID ? deadline.instant - now.instant : .zero
    }

    /// Does what a person asks for while no agent runs.
    package func offline(_ call: LocalCall, user: String) async throws -> LocalReply {
        if call.changesAgent {
            throw Failure(
                .internalError,
                "an agent is replaced by itself, and none runs; systemctl start \(UnitName.agent)"
            )
        }
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
