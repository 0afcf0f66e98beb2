internal import Model
internal import Rollout
internal import Trust

/// What a client asks of a coordinator's desk; it travels as JSON.
enum DeskQuestion: Codable, Sendable {
    /// Answered with `proposal`.
    case propose(Change)
    /// Answered with `rollout`.
    case open(plan: Digest)
    /// Answered with news, then `summary`.
    case conduct(rollout: Int, saying: [OperatorWord])
    /// Answered with news, then `summary`.
    case watch(rollout: Int)
    /// Answered with an `approvalRequest` for each; of all rollouts where none is named.
    case approvals(rollout: Int?)
    /// Answered with `approval`.
    case approve(rollout: Int, signature: [UInt8])
    /// Answered with nothing, once it is done.
    case withdrawApproval(rollout: Int, because: String?)
    /// Answered with `order`.
    case exportOrder(rollout: Int)
    /// Answered with a `rollout` for each.
    case rollouts(RolloutQuery)
    /// Answered with `view`.
    case view(rollout: Int)
    /// Answered with `difference`.
    case compare(ReleaseComparison)
    /// Answered with an `environment` for each.
    case environments(Selection)
    /// Answered with a `host` for each.
    case status(Selection)
    /// Answered with `logs`.
    case logs(HostLogQuery)
    /// Answered with a `service` for each that was held.
    case unhold(HostID, ServiceName?)
    /// Answered with a `finding` for each.
    case examine
}

/// An answer of a coordinator's desk, or one of many to the same question.
enum DeskAnswer: Codable, Sendable {
    case proposal(Proposal)
    case rollout(StoredRollout)
    case view(RolloutView)
    case announcement(Announcement, at: WallTime)
    case summary(RolloutSummary)
    case approvalRequest(ApprovalRequest)
    case approval(Approval)
    case order(ApprovedOrder)
    case difference(ReleaseDifference)
    case environment(Environment)
    case host(HostStatus)
    case logs([LogLine])
    case service(ServiceName)
    case finding(Finding)
}
