package import Model
package import Trust

/// What a person on the host asks its agent for.
package enum LocalCall: Hashable, Codable, Sendable {
    case status
    case history(ServiceName, limit: Int)
    /// The whole activation of an artifact on this host, without a coordinator.
    case apply(LocalApply)
    /// To a release on disk that starts with these digits or has this version, or to the previous one.
    ///
    /// With a reason also while a rollout holds the service. Where it is not the way back that is everybody's, the policy of
    /// the host may demand an order.
    case rollback(ServiceName, to: String?, breakingClaim: String?, order: ApprovedOrder? = nil)
    /// Compares the tree on disk with the release.
    case verify(ServiceName)
    /// Brings back what was released.
    case repair(ServiceName)
    /// Lets rollouts touch the service again.
    case unhold(ServiceName)
    /// The dead-man's timer has run out.
    case deadMan(ServiceName)

    /// Whether it asks to replace the agent itself.
    var changesAgent: Bool {
        switch self {
        case .apply(let wish): wish.service == .agent
        case .rollback(let service, _, _, _), .repair(let service): service == .agent
        case .status, .history, .verify, .unhold, .deadMan: false
        }
    }
}
