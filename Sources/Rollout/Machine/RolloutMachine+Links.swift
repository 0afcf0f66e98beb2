import Model

extension RolloutMachine {
    mutating func connect(_ host: Int) {
        guard !state.hosts[host].isConnected else { return }
        let isReturn = state.hosts[host].link != .unheard
        update(host) {
            $0.link = .connected
            $0.isUnreachable = false
            $0.lostAt = nil
        }
        boundWord(of: host)
        if isReturn { actions.append(.announce(.hostBack(host: host))) }
        switch (state.hosts[host].step, state.phase) {
        case (.missing(let move), .rolling), (.missing(let move), .baking), (.missing(let move), .gating),
            (.missing(let move), .rollingBack), (.missing(let move), .aborting),
            (.missing(let move), .awaitingApproval):
            recover(host, move)
        case (_, _):
            resend(host)
        }
    }

    /// A session is no word yet, and an agent that hangs may never say one: what bounded the wait may be over.
    private mutating func boundWord(of host: Int) {
        guard state.phase == .mustering else { return startReach(host, within: plan.limits.silence) }
        stopReach(host)
        guard state.musterBy.map({ $0 <= state.now }) ?? true else { return }
        state.musterBy = state.now + plan.limits.silence
        actions.append(.startTimer(.muster, plan.limits.silence))
    }

    /// A host that was lost in flight is back: an order that was not finished is taken back, the rest goes on.
    ///
    /// Where hosts keep what nobody has committed, it may still get its commit, as long as the rollout moves on.
    private mutating func recover(_ host: Int, _ move: Move) {
        switch (move.direction, move.stage) {
        case (.forward, .activating) where mayStay:
            update(host) { $0.step = .moving(move) }
            resend(host)
            wait(host, answerTimeout)
        case (.forward, .awaiting) where mayStay:
            update(host) { $0.step = .moving(move) }
            wait(host, plan.limits.commitWithin + plan.limits.silence)
        case (.forward, .activating), (.forward, .awaiting):
            withdraw(host, move, reason: "the host was lost while it switched")
        case (.forward, .committing), (.forward, .reverting), (.back, _):
            update(host) { $0.step = .moving(move) }
            resend(host)
            wait(host, plan.limits.activateTimeout)
        }
    }

    private var mayStay: Bool { plan.onCommitMissing == .keep && state.phase.movesForward && !state.isCondemned }

    /// Sends the open request again, with the identity that it had.
    private mutating func resend(_ host: Int) {
        guard let request = state.hosts[host].request else { return }
        actions.append(.send(host: host, id: requestID(request), request.ask))
    }

    mutating func lose(_ host: Int) {
        let found = state.hosts[host]
        guard found.link != .down else { return }
        let now = state.now
        update(host) {
            $0.link = .down
            $0.lostAt = $0.lostAt ?? now
        }
        actions.append(.announce(.hostLost(host: host)))
        if found.link == .unheard {
            update(host) { $0.isUnreachable = true }
        } else {
            startReach(host, within: patience(with: host))
        }
    }

    /// A host that has not said a word in the time for it has had its time to be reached, too.
    mutating func loseUnheard(_ host: Int) {
        lose(host)
        stopReach(host)
        update(host) { $0.isUnreachable = true }
    }

    mutating func report(_ host: Int, _ facts: ServiceFacts) {
        guard state.hosts[host].isConnected else { return }
        let wasBusy = isBusy(host)
        let wasMute = state.hosts[host].link == .mute
        stopReach(host)
        update(host) {
            $0.facts = facts
            $0.link = .up
            if wasMute { $0.isUnreachable = false }
        }
        if wasMute { actions.append(.announce(.hostBack(host: host))) }
        if !wasBusy, isBusy(host) { actions.append(.announce(.hostBusy(host: host))) }
        switch state.hosts[host].step {
        case .idle: admit(host)
        case .moving(let move), .missing(let move): observe(host, move)
        case .done, .settled:
            examine(host)
            let isBack = state.hosts[host].failure?.code == .unreachable && state.hosts[host].isInService
            if isBack, state.phase.movesForward { forgive(host) }
        case .claiming, .preparing, .unprepared, .ready, .back, .failed, .stuck, .skipped: break
        }
    }

    /// A host that runs the target must stay healthy until the end.
    private mutating func examine(_ host: Int) {
        guard state.phase.movesForward, case .unhealthy(let reason) = state.hosts[host].facts.health else { return }
        let since = state.hosts[host].step == .done ? "after it was updated" : "on \(plan.target)"
        fail(host, Failure(.checkFailed, "fell ill \(since): \(reason)"))
    }

    /// The coordinator was started anew: no host is connected, and each gets some time to be reached again.
    mutating func recall() {
        state.isStanding = false
        // The wall clock may have gone anywhere meanwhile.
        state.opening = nil
        for host in state.hosts.indices {
            let isEarly = !needsHosts || state.phase == .mustering
            switch state.hosts[host].link {
            case .connected, .mute, .up, .recalled:
                let now = state.now
                update(host) {
                    $0.link = isEarly ? .unheard : .recalled
                    $0.reachBy = nil
                    $0.lostAt = $0.lostAt ?? now
                }
            case .down, .unheard: break
            }
            if state.hosts[host].link == .recalled {
                startReach(host, within: patience(with: host) + plan.limits.silence)
            }
        }
        recallGates()
        rearmTimers()
        recallConsent()
    }

    // MARK: Reach

    /// How long a lost host may stay away: an agent that is being replaced is away by our own doing.
    private func patience(with host: Int) -> TimeSpan {
        guard plan.service == .agent, case .moving = state.hosts[host].step else { return plan.limits.silence }
        return plan.limits.activateTimeout
    }

    mutating func startReach(_ host: Int, within span: TimeSpan) {
        let deadline = state.now + span
        update(host) { $0.reachBy = deadline }
        actions.append(.startTimer(.reach(host: host), span))
    }

    private mutating func stopReach(_ host: Int) {
        guard state.hosts[host].reachBy != nil else { return }
        update(host) { $0.reachBy = nil }
        actions.append(.cancelTimer(.reach(host: host)))
    }

    /// Gives hosts that are away, and on which all others wait, their time to be reached once more: whoever resumes may be a new
    /// coordinator, which has reached nobody yet.
    mutating func expectAgain() {
        for host in state.hosts.indices where isWaitedFor(host) {
            guard state.hosts[host].step == .idle, !state.hosts[host].isConnected else { continue }
            startReach(host, within: plan.limits.silence)
        }
    }

    /// Whether the pause is about just this host.
    private func isWaitedFor(_ host: Int) -> Bool {
        switch (state.pause?.cause, state.phase) {
        case (.noCanary?, .rolling(let stage)): state.hosts[host].stage == stage
        case (.migration?, .migrating): plan.migration?.host == host
        case (_, _): false
        }
    }

    /// Whether a host has yet to be reached, or is on its way to be ready.
    func isExpected(_ host: HostState) -> Bool {
        switch host.step {
        case .idle: host.reachBy != nil || host.link == .recalled
        case .claiming, .preparing: true
        case .unprepared, .ready, .moving, .missing, .done, .settled, .back, .failed, .stuck, .skipped: false
        }
    }

    /// The time of a host is over, to come back or to say its first word.
    mutating func fireReach(_ host: Int) {
        state.hosts[host].link == .connected ? mute(host) : abandon(host)
    }

    /// A host that is connected, and whose agent says nothing, counts as lost until it does; what it was asked has its own time.
    mutating func mute(_ host: Int) {
        update(host) {
            $0.reachBy = nil
            $0.link = .mute
            $0.isUnreachable = true
        }
        actions.append(.announce(.hostLost(host: host)))
        guard state.hosts[host].step == .done, state.phase.movesForward else { return }
        fail(host, Failure(.unreachable, "is connected and has said nothing for \(plan.limits.silence)"))
    }

    /// A lost host has stayed away for too long.
    private mutating func abandon(_ host: Int) {
        update(host) {
            $0.reachBy = nil
            $0.link = .down
            $0.isUnreachable = true
        }
        let failure = Failure(.unreachable, "was lost and not reached again within \(patience(with: host))")
        switch state.hosts[host].step {
        case .moving(let move):
            update(host) { $0.step = .missing(move) }
            stopWaiting(host)
            fail(host, failure)
        case .claiming, .preparing:
            // Nothing was changed: it is absent, and may join when it is back.
            drop(host)
            update(host) { $0.step = .idle }
        case .done where state.phase.movesForward:
            fail(host, failure)
        case .done where state.phase == .confirming, .settled where state.phase == .confirming:
            drop(host)
            update(host) { $0.failure = failure }
        case .done, .settled, .back, .failed, .stuck, .unprepared, .skipped, .idle, .ready, .missing:
            drop(host)
        }
    }
}
