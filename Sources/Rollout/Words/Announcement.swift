package import Model

/// News of a rollout for the people who watch it.
package enum Announcement: Hashable, Codable, Sendable {
    case phase(RolloutPhase)
    /// A host begins to switch, forward or back.
    case hostStarted(host: Int, to: ReleaseID?)
    /// Its commit, or its way back, was read back.
    case hostFinished(host: Int)
    case hostFailed(host: Int, Failure)
    /// It reverted because its commit came too late; it gets another turn.
    case hostRetried(host: Int, attempt: Int)
    case hostLost(host: Int)
    case hostBack(host: Int)
    case paused(Pause)
    case resumed
    /// An operator's word that does not fit now, and why.
    case wordRefused(String)
    case nothingToDo
}
