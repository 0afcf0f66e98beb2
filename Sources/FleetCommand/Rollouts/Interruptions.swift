import Glibc
import Model
import UnixSignals

/// Ctrl-C while a rollout runs here: the first pauses it, the second leaves at once.
struct Interruptions {
    /// Runs `body`, which runs `rollout`, with the interruptions that come meanwhile.
    static func during<Value: Sendable>(
        _ rollout: RolloutID,
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
                    guard count == 1 else { Self.leave(rollout) }
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

    /// The ledger has everything; hosts that wait for their commit revert by themselves.
    private static func leave(_ rollout: RolloutID) -> Never {
        Console.note("left as it is; `fleet resume \(rollout.label)` goes on with it")
        exit(ExitStatus.paused.rawValue)
    }
}
