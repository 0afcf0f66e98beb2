internal import Model

/// Runs `body` for at most `limit`; nil when it did not end in time.
///
/// `body` is cancelled then, and must heed it.
func withDeadline<Value: Sendable>(
    _ limit: TimeSpan,
    _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value? {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: limit.duration)
            return nil
        }
        defer { group.cancelAll() }
        return try await group.next().flatMap { $0 }
    }
}
