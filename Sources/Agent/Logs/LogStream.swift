internal import Activation
internal import Model
internal import Protocol
internal import Synchronization

/// The journal of one service as a stream: some of the past, then what is written while somebody listens.
struct LogStream: Sendable {
    let agent: HostAgent
    let query: LogQuery

    /// Hands over lines in order until the query's end, or until the task is cancelled.
    func run(_ deliver: @Sendable ([LogLine]) async throws -> Void) async throws {
        let runner = try await agent.runner(of: query.service)
        guard let unit = await runner.linked?.unit else { return }
        let isOver = Flag()
        let follows = query.end == .never
        let (lines, source) = AsyncStream.makeStream(
            of: [LogLine].self,
            bufferingPolicy: .bufferingOldest(Self.waiting)
        )
        let past = query.past
        let reading = Task.detached {
            // The journal blocks; one reader at a time keeps one thread of the pool, and looks up twice a second.
            JournalCursor(unit: unit)?.read(past: past, follow: follows, until: { isOver.isSet }) { source.yield($0) }
            source.finish()
        }
        defer { isOver.set() }
        try await withTaskCancellationHandler {
            for await chunk in lines { try await deliver(chunk) }
        } onCancel: {
            isOver.set()
        }
        await reading.value
    }

    /// Chunks that may wait for a slow listener; more are left out, as the journal still has them.
    private static let waiting = 64

    private final class Flag: Sendable {
        private let value = Atomic(false)
        var isSet: Bool { value.load(ordering: .acquiring) }
        func set() { value.store(true, ordering: .releasing) }
    }
}
