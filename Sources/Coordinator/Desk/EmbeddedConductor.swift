internal import Model
package import Rollout

/// Runs rollouts in the process that asks for them, as the `fleet` command does without a serving coordinator.
package struct EmbeddedConductor: Conductor {
    private let bench: Workbench

    package init(_ bench: Workbench) { self.bench = bench }

    package func conduct(
        _ rollout: StoredRollout,
        by person: String,
        saying words: [OperatorWord],
        interruptions: AsyncStream<Void>,
        news: @escaping @Sendable (RolloutNews) async -> Void
    ) async throws -> RolloutSummary {
        guard let lock = try RolloutLock.take(rollout.id, in: bench.workspace.layout) else {
            guard !words.isEmpty else { throw RolloutElsewhere.running(rollout.id) }
            let other = try await elsewhere(rollout)
            if try await other.convey(words, by: person, news) { return try await other.rest(news) }
            return try await conduct(rollout, by: person, saying: words, interruptions: interruptions, news: news)
        }
        let prepared = try await bench.planner().resume(rollout)
        return try await bench.runner(for: person).run(
            rollout,
            prepared,
            holding: lock,
            saying: words,
            interruptions: interruptions,
            news: news
        )
    }

    package func watch(
        _ rollout: StoredRollout,
        news: @escaping @Sendable (RolloutNews) async -> Void
    ) async throws -> RolloutSummary { try await elsewhere(rollout).rest(news) }

    private func elsewhere(_ rollout: StoredRollout) async throws -> RolloutElsewhere {
        RolloutElsewhere(rollout.id, ledger: try await bench.ledger(), layout: bench.workspace.layout)
    }
}
