import Glibc
import Model
import UnixSignals

/// Ctrl-C while a rollout is shown.
struct Interruptions {
    enum Effect: Sendable {
        /// Of a rollout that runs here: the first pauses it, the second leaves at once.
        case pause
        /// Of one that somebody else runs: it goes on without us.
        case leave
    }

    private let rollout: RolloutID
    private let effect: Effect

    init(of rollout: RolloutID, effect: Effect) {
        self.rollout = rollout
        self.effect = effect
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
                    guard count == 1, effect == .pause else { leave() }
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
        switch effect {
        case .pause:
            Console.note("left as it is; 'fleet resume \(label)' goes on with it")
            exit(ExitStatus.paused.rawValue)
        case .leave:
            Console.note(
                "\(label) goes on without you: 'fleet watch \(label)' looks on, 'fleet pause \(label)' pauses it"
            )
            exit(ExitStatus.interrupted.rawValue)
        }
    }
}
