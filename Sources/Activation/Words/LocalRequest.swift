package import Model

/// What a person on the host asks for, without a coordinator.
package enum LocalRequest: Hashable, Codable, Sendable {
    /// `agent apply`: prepare, switch, commit by itself when healthy.
    case apply(LocalRelease)
    /// `agent rollback`: to the named release on disk, or to the previous one.
    ///
    /// With a reason it is done even while a rollout holds the service, unless a change is under way. Where back is not to
    /// the confirmed predecessor, `leave` decides.
    case rollback(to: Digest?, breakingClaim: String? = nil, leave: LocalLeave = .notDemanded)
    /// `agent repair`: the present release again, exactly as it was released, started anew.
    case repair
    /// Lets rollouts touch the service again.
    case unhold
}
