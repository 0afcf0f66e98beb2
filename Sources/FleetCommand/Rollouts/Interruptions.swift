import Glibc
import Model
import UnixSignals

/// Ctrl-C while a rollout is shown: of one that runs here, the first pauses it and the second leaves at once; one that a
/// coordinator serves goes on without us.
struct Interruptions {
    private let rollout: RolloutID
    private let isServed: Bool

    init(of rollout: RolloutID, isServed: Bool) {
        self.rollout = rollout
        self.isServed = isServed
    }

    /// Runs `body` with the interruptions that come meanwhile.
    func during<Value: Sendable>(
        _ body: @escaping @Sendable (AsyncStream<Void>) async throws -> Value
    ) async throws -> Value {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body(stream) }
            group.addTask {
                var count = 0
                for await _ in signals {
                    count += 1
                    guard count == 1, !isServed else { leave() }
                    Console.note("pausing: hosts in flight finish, no other starts; once more leaves at once")
                    continuation.yield()
                }
                return nil
            }
            defer { group.cancelAll() }
            while let value = try await group.next() {
                if let value { return value }
            }
            throw CancellationError()
        }
    }

    /// The ledger has everything; hosts that wait for their commit revert by themselves, unless a coordinator goes on.
    private func leave() -> Never {
        let label = rollout.label
        Console.note(
            isServed
                ? "\(label) goes on without you: 'fleet watch \(label)' looks on, 'fleet pause \(label)' pauses it"
                : "left as it is; 'fleet resume \(label)' goes on with it"
        )
        exit(ExitStatus.paused.rawValue)
    }
}
