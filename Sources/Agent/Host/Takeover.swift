internal import Activation
package import Configuration
internal import Glibc
package import Logging
internal import Model

/// Stands in for the agent while that is replaced: stops it, moves the links, starts it, and is gone.
///
/// It runs as a unit of its own and is the agent of before (`Change.keeper`). It decides nothing: it resumes the machine of the
/// agent's service from the journal, and performs what that asks for. Only the start of the unit comes after the host's lock
/// was given to whoever is started; a start that fails becomes the reason of the way back.
package struct Takeover: Sendable {
    private let configuration: AgentConfiguration
    private let file: String
    private let logger: Logger

    package init(_ configuration: AgentConfiguration, file: String, logger: Logger) {
        self.configuration = configuration
        self.file = file
        self.logger = logger
    }

    /// Forward once, and back as often as a machine tries that.
    private static let rounds = 5
    /// Time for the lock: whoever has it was told to stop.
    private static let lockPatience = 300
    private static let lockPause = Duration.milliseconds(200)

    private enum Stand {
        /// The unit shall be started, and nothing else is left for this process.
        case start(Startup)
        /// Nothing of the agent is in flight.
        case settled
    }

    /// Does what the machine of the agent's service asks for, until an agent runs.
    package func run() async throws {
        let systemd = try Systemd()
        defer { systemd.close() }
        do {
            try await replace(systemd)
        } catch {
            logger.error("the agent could not be replaced", metadata: ["error": "\(error)"])
            // Whatever the links name is more than nothing.
            _ = try await systemd.start(.agent)
            throw error
        }
    }

    private func replace(_ systemd: Systemd) async throws {
        var failure: Failure?
        for _ in 0..<Self.rounds {
            switch try await settle(systemd, after: failure) {
            case .settled:
                _ = try await systemd.start(.agent)
                return
            case .start(let startup):
                failure = await start(startup, systemd)
                guard let failure else { return }
                logger.warning("the agent did not start", metadata: ["error": "\(failure)"])
            }
        }
        _ = try await systemd.start(.agent)
    }

    /// Starts the agent, which takes the lock; nil when it says that it is ready.
    private func start(_ startup: Startup, _ systemd: Systemd) async -> Failure? {
        let unit = startup.unit
        do {
            try await systemd.forgetFailure(of: unit)
            let before = try await sequence()
            let result = try await withDeadline(startup.timeout) { try await systemd.start(unit) }
            guard result != .done else {
                try await systemd.enable(unit)
                return try await hasGoneOn(from: before, within: startup.timeout)
                    ? nil : Self.silent(unit, startup.timeout)
            }
            let state = try await systemd.inspect(unit).state
            let ending =
                result.map { "its start ended with '\($0.rawValue)'" } ?? "it was not ready within \(startup.timeout)"
            let words = await JournalReader().tail(
                unit,
                invocation: state.invocation,
                runs: 1,
                limit: Self.evidenceLines
            )
            return Failure(.unitStart, "\(unit): \(ending)", evidence: words)
        } catch {
            return EffectPerformer.failure(error)
        }
    }

    private static let evidenceLines = 25

    /// Whether the agent that says it is ready has taken its own change on: it writes that before anything else.
    private func hasGoneOn(from before: Int64, within limit: TimeSpan) async throws -> Bool {
        let deadline = ContinuousClock.now + limit.duration
        while try await sequence() == before {
            guard ContinuousClock.now < deadline else { return false }
            try await Task.sleep(for: Self.lockPause)
        }
        return true
    }

    private static func silent(_ unit: UnitName, _ limit: TimeSpan) -> Failure {
        Failure(.unitStart, "\(unit): it said that it is ready, and did not take up its own change within \(limit)")
    }

    /// How often the machine of the agent's service was stored.
    private func sequence() async throws -> Int64 {
        try await AgentJournal.agent(in: configuration.paths)?.sequence ?? 0
    }

    /// Stops the agent, and resumes its machine up to the start of the unit.
    private func settle(_ systemd: Systemd, after failure: Failure?) async throws -> Stand {
        let (startups, relay) = AsyncStream<Startup>.makeStream()
        let runtime = try await takeLock(systemd, relay: relay)
        defer { runtime.letGo() }
        return try await withThrowingTaskGroup(of: Stand?.self) { group in
            group.addTask {
                try await runtime.agent.run(after: failure)
                return nil
            }
            group.addTask {
                for await startup in startups { return .start(startup) }
                return nil
            }
            group.addTask {
                do {
                    try await runtime.agent.recovered()
                    try await runtime.agent.idle()
                    return .settled
                } catch {
                    // A runner has ended; why is what the agent itself ends with.
                    return nil
                }
            }
            defer { group.cancelAll() }
            for try await case let stand? in group { return stand }
            throw CancellationError()
        }
    }

    private func takeLock(
        _ systemd: Systemd,
        relay: AsyncStream<Startup>.Continuation
    ) async throws -> AgentRuntime {
        for attempt in 1... {
            // Asked each time: somebody, or a package, may have started it anew meanwhile.
            do { _ = try await systemd.stop(.agent) } catch let error as SystemdError where error.code == .noSuchUnit {}
            do {
                return try await AgentRuntime(
                    configuration,
                    file: file,
                    logger: logger,
                    charge: .agentAlone,
                    relay: relay
                )
            } catch let error as FileError where error.isLocked && attempt < Self.lockPatience {
                try await Task.sleep(for: Self.lockPause)
            }
        }
        preconditionFailure("the loop has no end")
    }
}
