import Model

extension RolloutMachine {
    mutating func obey(_ word: OperatorWord) {
        switch word {
        case .pause(let reason): obeyPause(reason)
        case .resume(let floor, let reason): obeyResume(floor, reason)
        case .retry: obeyRetry()
        case .abort(let reason): obeyAbort(reason)
        case .rollBack(let reason): obeyRollBack(reason)
        case .skip(let host, let reason): obeySkip(host, reason)
        case .approve(let approval): obeyApproval(approval)
        case .withdrawApproval(let person, let reason): obeyWithdrawal(person, reason)
        case .promote(let stage, let person, let reason): obeyPromotion(stage, person, reason)
        }
    }

    mutating func refuse(_ why: String) { actions.append(.announce(.wordRefused(why))) }

    private mutating func obeyPause(_ reason: String?) {
        switch state.phase {
        case .confirming, .releasing, .concluded, .aborting:
            refuse("\(id.label) is ending; there is nothing left to pause")
        case .planned, .scheduled, .mustering, .inspecting, .claiming, .awaitingApproval, .preparing, .migrating,
            .rolling, .baking,
            .gating, .rollingBack:
            guard state.pause == nil else { return refuse("\(id.label) is paused already") }
            let message = reason.map { "paused: \($0)" } ?? "paused by an operator"
            pause(Pause(.operatorSaid, message, advice: "`fleet resume` goes on"))
        }
    }

    private mutating func obeyResume(_ floor: Int?, _ reason: String?) {
        guard state.pause != nil else { return refuse("\(id.label) is not paused") }
        guard !(state.isCondemned && state.phase.movesForward) else {
            return refuse("the canary failed, no further host gets this release: abort, or abort --rollback")
        }
        if let floor {
            guard 0...highestFloor ~= floor else {
                return refuse("floor \(floor) is outside 0 to \(highestFloor), the highest of this plan")
            }
            guard let reason, !reason.isEmpty else { return refuse("another floor needs a --reason") }
            state.floor = floor
        }
        state.accepted = state.failures
        state.areAbsencesAccepted = true
        for host in state.hosts.indices where state.hosts[host].step == .ready && state.hosts[host].isUnreachable {
            update(host) { $0.step = .idle }
        }
        expectAgain()
        goOn()
    }

    /// Whether a host of the stage under way has failed and runs what it ran before.
    func mayRetry(_ host: Int) -> Bool {
        guard case .rolling(let stage) = state.phase else { return false }
        return state.hosts[host].stage == stage && state.hosts[host].step == .failed
    }

    private mutating func goOn() {
        state.pause = nil
        state.isStanding = false
        actions.append(.announce(.resumed))
        restartProgress()
    }

    /// Accepts nothing: who still can't be reached fails again.
    private mutating func obeyRetry() {
        guard state.pause != nil, case .rolling(let stage) = state.phase else {
            return refuse("\(id.label) does not stand still in a stage with hosts that failed")
        }
        guard !state.isCondemned else {
            return refuse("the canary failed, no further host gets this release: abort, or abort --rollback")
        }
        let failed = state.hosts.indices.filter(mayRetry)
        guard !failed.isEmpty else {
            let name = plan.stages[stage].name
            return refuse("no host of stage \(name) has failed and gone back; `fleet resume` goes on")
        }
        for host in failed {
            if state.hosts[host].failure != nil { forgive(host) }
            update(host) {
                $0.step = .ready
                ($0.attempts, $0.startsOver) = (0, 0)
            }
        }
        goOn()
    }

    private mutating func obeyAbort(_ reason: String?) {
        switch state.phase {
        case .planned, .scheduled, .mustering, .inspecting, .claiming, .awaitingApproval(stage: nil), .preparing,
            .migrating:
            state.verdict = reason ?? "an operator said so"
            giveBack(.aborted)
        case .rolling, .baking, .gating, .rollingBack, .awaitingApproval(stage: .some):
            state.verdict = reason ?? "an operator said so"
            state.pause = nil
            enter(.aborting)
            withdrawAll(reason: "aborted")
        case .aborting, .confirming, .releasing, .concluded:
            refuse("\(id.label) is ending already")
        }
    }

    private mutating func obeyRollBack(_ reason: String?) {
        guard plan.kind == .deploy else {
            return refuse("a \(plan.kind.rawValue) is not taken back; abort it, then deploy what should run")
        }
        switch state.phase {
        case .planned, .scheduled, .mustering, .inspecting, .claiming, .awaitingApproval(stage: nil), .preparing,
            .migrating:
            obeyAbort(reason)
        case .rolling, .baking, .gating, .awaitingApproval(stage: .some):
            let cause = wayBackCause
            state.pause = nil
            goBack(reason ?? "an operator said so", because: cause)
        case .rollingBack:
            let hint = state.pause == nil ? "" : "; `fleet resume` goes on with it"
            refuse("\(id.label) is going back already\(hint)")
        case .aborting, .confirming, .releasing, .concluded:
            refuse("\(id.label) is ending already")
        }
    }

    /// Asked what to do about failures or a gate, a person says to go back, too.
    private var wayBackCause: WayBackCause {
        switch state.pause?.cause {
        case .failures: .failures
        case .gate: .gate
        case .operatorSaid, .unreachable, .noCanary, .noProgress, .migration, nil: .word
        }
    }

    private mutating func obeySkip(_ host: Int, _ reason: String) {
        guard state.hosts.indices.contains(host) else { return refuse("no such host in the plan") }
        switch state.hosts[host].step {
        case .idle, .claiming, .preparing, .unprepared, .ready, .missing:
            drop(host)
            update(host) { $0.step = .skipped }
            if state.hosts[host].failure == nil {
                update(host) { $0.failure = Failure(.cancelled, "skipped: \(reason)") }
            }
        case .skipped: refuse("\(name(host)) is left out already")
        case .moving: refuse("\(name(host)) is in flight; pause or abort instead")
        case .done, .settled, .back, .failed, .stuck: refuse("the turn of \(name(host)) is over")
        }
    }
}
