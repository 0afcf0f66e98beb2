package import Model

/// Waiting for rollouts of other services.
extension RolloutMachine {
    /// Those that have not ended yet, as far as the caller has said; nothing begins before.
    package var queuedBehind: [ConcurrentRollout] { state.queuedBehind ?? [] }

    mutating func concurrentEnded(_ rollout: RolloutID, _ outcome: Outcome) {
        guard let index = queuedBehind.firstIndex(where: { $0.rollout == rollout }) else { return }
        let ended = queuedBehind[index]
        state.queuedBehind?.remove(at: index)
        actions.append(.announce(.concurrentEnded(ended, outcome)))
        guard ended.mustSucceed, outcome != .succeeded, isUntouched else { return }
        state.verdict =
            "\(plan.service) comes after \(ended.service), whose \(rollout.label) ended \(outcome.words); nothing was changed"
        giveBack(.refused)
    }

    /// What is waited for; nil for nothing.
    var whyQueued: String? { queuedBehind.isEmpty ? nil : queuedBehind.waitText }

    /// What hosts wait for that are being changed for other services.
    var whyEngaged: String {
        sums.engaged == 0 ? "" : "; \(sums.engaged) are being changed for other services, and wait for the end of that"
    }
}
