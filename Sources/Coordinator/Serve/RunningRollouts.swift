internal import Logging
internal import Model
internal import Rollout

/// The rollouts that a serving coordinator runs, each in the background, whoever looks on.
actor RunningRollouts: Conductor {
    private struct Run {
        var task: Task<RolloutSummary, any Error>?
        var listeners: [AsyncStream<RolloutNews>.Continuation] = []
    }

    private let bench: Workbench
    private var runs: [Int: Run] = [:]

    /// What a listener that is slow may have unheard; older news are dropped for it.
    private static let mostUnheard = 1024

    init(_ bench: Workbench) { self.bench = bench }

    /// Goes on with all rollouts of the ledger that have not ended and that nobody has paused.
    func resumeAll() async throws {
        let ledger = try await bench.ledger()
        for rollout in try await ledger.unfinishedRollouts() {
            let state = try await ledger.state(of: rollout)
            let view = RolloutMachine(id: rollout.id, plan: rollout.plan, state: state).view
            guard view.pause == nil, runs[rollout.id.number] == nil else { continue }
            bench.logger.notice("going on", metadata: ["rollout": "\(rollout.id.label)"])
            start(rollout, by: rollout.startedBy, saying: [])
        }
    }

    /// Ends all runs; the ledger has what a later start goes on with.
    func stop() async {
        let tasks = runs.values.compactMap(\.task)
        for task in tasks { task.cancel() }
        for task in tasks { _ = await task.result }
    }

    func conduct(
        _ rollout: StoredRollout,
        by person: String,
        saying words: [OperatorWord],
        interruptions: AsyncStream<Void>,
        news: @escaping @Sendable (RolloutNews) async -> Void
    ) async throws -> RolloutSummary {
        let number = rollout.id.number
        let other = RolloutElsewhere(rollout.id, ledger: try await bench.ledger(), layout: bench.workspace.layout)
        while let task = runs[number]?.task {
            if words.isEmpty { return try await follow(rollout, news) }
            if try await other.convey(words, by: person, news) { return try await follow(rollout, news) }
            // It has come to rest and only tidies up: what is said now is for the next run.
            _ = await task.result
        }
        start(rollout, by: person, saying: words)
        return try await follow(rollout, news)
    }

    func watch(
        _ rollout: StoredRollout,
        news: @escaping @Sendable (RolloutNews) async -> Void
    ) async throws -> RolloutSummary { try await follow(rollout, news) }

    /// Tells the news of a run until it ends; of one that has ended, or stands paused, what became of it.
    private func follow(
        _ rollout: StoredRollout,
        _ news: @escaping @Sendable (RolloutNews) async -> Void
    ) async throws -> RolloutSummary {
        let number = rollout.id.number
        guard let task = runs[number]?.task else {
            if let summary = try await bench.ledger().rollout(number)?.summary { return summary }
            throw CoordinatorError(
                .rolloutUnknown,
                "\(rollout.id.label) is not running; 'fleet resume \(rollout.id.label)' goes on with it"
            )
        }
        let (stream, listener) = AsyncStream<RolloutNews>.makeStream(
            bufferingPolicy: .bufferingNewest(Self.mostUnheard)
        )
        runs[number]?.listeners.append(listener)
        for await item in stream { await news(item) }
        try Task.checkCancellation()
        return try await task.value
    }

    private func start(_ rollout: StoredRollout, by person: String, saying words: [OperatorWord]) {
        let number = rollout.id.number
        runs[number] = Run()
        runs[number]?.task = Task {
            defer { end(number) }
            do {
                return try await run(rollout, by: person, saying: words)
            } catch {
                bench.logger.error("broke off", metadata: ["rollout": "\(rollout.id.label)", "error": "\(error)"])
                throw error
            }
        }
    }

    private func run(
        _ rollout: StoredRollout,
        by person: String,
        saying words: [OperatorWord]
    ) async throws -> RolloutSummary {
        guard let lock = try RolloutLock.take(rollout.id, in: bench.workspace.layout) else {
            throw RolloutElsewhere.running(rollout.id)
        }
        let summary = try await bench.runner(for: person).run(
            rollout,
            try await bench.planner().resume(rollout),
            holding: lock,
            saying: words,
            interruptions: AsyncStream { $0.finish() },
            news: { await self.tell($0, of: rollout.id.number) }
        )
        bench.logger.notice("at rest", metadata: ["rollout": "\(rollout.id.label)", "outcome": "\(summary.outcome)"])
        return summary
    }

    private func tell(_ news: RolloutNews, of number: Int) {
        runs[number]?.listeners.removeAll { listener in
            if case .terminated = listener.yield(news) { true } else { false }
        }
    }

    private func end(_ number: Int) {
        for listener in runs.removeValue(forKey: number)?.listeners ?? [] { listener.finish() }
    }
}
