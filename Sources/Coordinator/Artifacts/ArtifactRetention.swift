internal import Artifacts
internal import Model

/// Keeps the workspace's content store to what may still have to be sent.
struct ArtifactRetention {
    /// Confirmed releases of a service in an environment, and versions of a service, whose artifacts stay.
    static let count = 10
    /// Artifacts that came later stay: another process may be about to register them.
    private static let grace = TimeSpan.hours(1)

    let ledger: Ledger
    let store: ContentStore
    let clock = CoordinatorClock()

    /// Removes the rest, and says what went.
    @discardableResult
    func run() async throws -> [Digest] {
        let kept = try await ledger.artifacts(keeping: Self.count)
        let since = clock.wall + Self.grace * -1
        return try await BlockingThread.run { [store] () throws(ArtifactError) in
            try store.remove(except: kept, unusedSince: since)
        }
    }
}
