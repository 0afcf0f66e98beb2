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

extension CoordinatorError {
    /// For words of which none was taken.
    static func refusedWords(_ refusals: [String], of rollout: RolloutID) -> Self {
        Self(.wordRefused, "\(rollout.label) does not do that now: \(refusals.joined(separator: "; "))")
    }
}
