internal import Model
package import Rollout

/// Has rollouts carried out, in whichever way its coordinator does that.
package protocol Conductor: Sendable {
    /// Sees to it that `rollout` runs, says `words` to it as `person`, and tells its news until it comes to rest.
    func conduct(
        _ rollout: StoredRollout,
        by person: String,
        saying words: [OperatorWord],
        interruptions: AsyncStream<Void>,
        news: @escaping @Sendable (RolloutNews) async -> Void
    ) async throws -> RolloutSummary

    /// Tells the news of a rollout until it comes to rest.
    func watch(
        _ rollout: StoredRollout,
        news: @escaping @Sendable (RolloutNews) async -> Void
    ) async throws -> RolloutSummary
}
