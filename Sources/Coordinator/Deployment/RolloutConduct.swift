internal import Rollout

/// One run of an engine in this process, with the people around it: who speaks first, who interrupts, who watches.
struct RolloutConduct: Sendable {
    let engine: RolloutEngine
    let person: String
    let words: [OperatorWord]
    let interruptions: AsyncStream<Void>
    let news: @Sendable (RolloutNews) async -> Void

    private enum Part: Sendable {
        case ended(RolloutSummary)
        case told
        case interrupted
    }

    /// The summary, once all news before it were told.
    func run() async throws -> RolloutSummary {
        let stream = await engine.watch()
        return try await withThrowingTaskGroup(of: Part.self) { group in
            group.addTask { .ended(try await engine.run(by: person, saying: words)) }
            group.addTask {
                for await item in stream { await news(item) }
                return .told
            }
            group.addTask {
                for await _ in interruptions { await engine.say(.pause(reason: "interrupted"), by: person) }
                return .interrupted
            }
            defer { group.cancelAll() }
            var summary: RolloutSummary?
            var hasTold = false
            while let part = try await group.next() {
                switch part {
                case .ended(let ended): summary = ended
                case .told: hasTold = true
                case .interrupted: continue
                }
                if hasTold, let summary { return summary }
            }
            throw CancellationError()
        }
    }
}
