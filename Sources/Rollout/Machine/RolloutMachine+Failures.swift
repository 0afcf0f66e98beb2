import Model

extension RolloutMachine {
    /// Counts a host as failed, once, and decides what that means for the rollout.
    mutating func fail(_ host: Int, _ failure: Failure) {
        guard state.hosts[host].failure == nil else { return }
        update(host) { $0.failure = failure }
        state.failures += 1
        actions.append(.announce(.hostFailed(host: host, failure)))
        guard state.phase.movesForward else { return }
        if isCanary(state.hosts[host].stage) { state.isCondemned = true }
        guard state.isCondemned || state.failures - state.accepted > plan.limits.failureBudget else { return }
        let verdict = "\(name(host)) failed: \(failure.message)"
        switch plan.onFailure {
        case .rollback: goBack(verdict, because: .failures)
        case .pause:
            let retry = mayRetry(host) ? "`fleet retry` tries it again, " : ""
            let next = state.isCondemned ? "" : "\(retry)`fleet resume` accepts this; "
            let advice = "\(next)`fleet abort` stops here, `fleet abort --rollback` takes everything back"
            pause(Pause(.failures, verdict, advice: advice))
        }
    }

    /// Starts the way back of everything that this rollout has changed.
    mutating func goBack(_ verdict: String, because cause: WayBackCause) {
        state.verdict = verdict
        state.wayBack = cause
        // From here on the attempts are those of the way back.
        for host in state.hosts.indices where mustGoBack(state.hosts[host]) { update(host) { $0.attempts = 0 } }
        enter(.rollingBack)
        withdrawAll(reason: verdict)
        restartProgress()
    }

    mutating func rollBack() -> Bool {
        if state.pause == nil { startHosts(window: plan.capacity.window) }
        guard sums.open == 0 else { return false }
        giveBack(state.hosts.contains { $0.step == .stuck } ? .failed : .rolledBack)
        return true
    }

    mutating func aborted() -> Bool {
        guard sums.open == 0 else { return false }
        giveBack(.aborted)
        return true
    }

    /// Gives the claims back; hosts that can't be reached let theirs expire.
    mutating func giveBack(_ outcome: Outcome) {
        state.pause = nil
        for host in state.hosts.indices { drop(host) }
        enter(.releasing(outcome))
        for host in state.hosts.indices where state.hosts[host].isClaimed && !state.hosts[host].isUnreachable {
            ask(host, .releaseClaim, within: plan.limits.silence)
        }
    }

    mutating func released(_ outcome: Outcome) -> Bool {
        guard sums.awaited == 0 else { return false }
        end(outcome)
        return true
    }

    mutating func end(_ outcome: Outcome) {
        enter(.concluded(outcome))
        actions.append(.conclude(summary(outcome)))
    }

    mutating func pause(_ pause: Pause) {
        guard state.pause == nil else { return }
        state.pause = pause
        state.isStanding = false
        actions.append(.announce(.paused(pause)))
    }
}
