import Model

extension RolloutMachine {
    /// What speaks against the artifact itself, once the rollout has ended as `outcome`.
    ///
    /// Only a release that was taken back because hosts failed is judged, never one that a person has stopped. For hosts
    /// that were away, others have proved it before.
    func evidence(_ outcome: Outcome) -> [ArtifactEvidence] {
        switch outcome {
        case .rolledBack, .failed: break
        case .succeeded, .incomplete, .paused, .aborted, .refused: return []
        }
        guard state.wayBack == .failures, plan.kind == .deploy, plan.catchUp == nil, plan.returned == nil else {
            return []
        }
        return state.hosts.indices.compactMap { host in
            guard let failure = state.hosts[host].failure, failure.code.speaksAgainstArtifact, isTrial(host) else {
                return nil
            }
            return ArtifactEvidence(host: plan.hosts[host].id, failure: failure)
        }
    }

    /// Whether the release was tried on a host that was well before, or empty.
    private func isTrial(_ host: Int) -> Bool {
        switch state.hosts[host].before {
        case nil: false
        case .nothing: true
        case .release(let release): release != plan.target && state.hosts[host].wasInService == true
        }
    }
}
