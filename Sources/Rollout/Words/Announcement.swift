package import Model

/// News of a rollout for the people who watch it.
package enum Announcement: Hashable, Codable, Sendable {
    case phase(RolloutPhase)
    /// A host begins to switch, forward or back.
    case hostStarted(host: Int, to: ReleaseID?)
    /// It is at something that must not be ended, and is not stopped before that has.
    case hostBusy(host: Int)
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
    /// People are asked to approve; the command to type is `fleet approve`.
    case approvalAsked(AskedOrder, needed: Int)
    case approved(by: String, have: Int, needed: Int)
    /// A break-glass key stands for the approvals that are missing.
    case glassBroken(by: String)
    case approvalWithdrawn(by: String, reason: String?)
    /// The order's time is over; people are asked anew.
    case approvalLapsed
    /// A gate was answered; one that goes on passing is no news.
    case gateJudged(stage: Int, gate: GateName, GateVerdict)
    /// People are asked to look and to promote; the command to type is `fleet promote`.
    case promotionAsked(stage: Int, gate: GateName, String)
    case promoted(stage: Int, gate: GateName, by: String, reason: String?)
    /// Nothing new begins from now on: what is under way is finished, then the rollout holds.
    case closed(Closure)
    case opened
    /// Nothing begins before these rollouts of other services have ended.
    case queued(behind: [ConcurrentRollout])
    case concurrentEnded(ConcurrentRollout, Outcome)
    /// These can't be reached, and are waited for.
    case awaited(hosts: [Int])
    /// These can't be reached, and it goes on without them.
    case leftOut(hosts: [Int])
}
