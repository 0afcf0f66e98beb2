import Model

extension RolloutMachine {
    /// Acts on a timer whose time has really come; one that was replaced or cancelled meanwhile does nothing.
    mutating func fire(_ timer: TimerID) {
        switch timer {
        case .muster:
            guard isDue(state.musterBy) else { return }
            for host in state.hosts.indices
            where state.hosts[host].link == .unheard || state.hosts[host].link == .connected {
                state.hosts[host].isConnected ? mute(host) : loseUnheard(host)
            }
        case .answer(let host):
            guard isDue(state.hosts[host].answerBy) else { return }
            update(host) { $0.answerBy = nil }
            giveUp(host)
        case .reach(let host):
            guard isDue(state.hosts[host].reachBy) else { return }
            fireReach(host)
        case .progress:
            guard isDue(state.progressBy) else { return }
            state.progressBy = nil
            let message = "no host became healthy for \(plan.limits.progressDeadline); \(why)"
            let advice = "bring hosts back, or `fleet resume --floor N --reason …`, or `fleet abort [--rollback]`"
            pause(Pause(.noProgress, message, advice: advice))
        case .bake:
            endSlice()
        case .gate(let index):
            fireGate(index)
        }
    }

    private func isDue(_ deadline: Instant?) -> Bool {
        guard let deadline else { return false }
        return deadline <= state.now
    }

    /// The host did not answer in time.
    private mutating func giveUp(_ host: Int) {
        let late = Failure(.deadline, "did not answer in time")
        switch state.hosts[host].step {
        case .moving(let move): giveUp(host, move, late)
        case .claiming:
            drop(host)
            update(host) {
                $0.step = .idle
                $0.isUnreachable = true
            }
        case .preparing:
            drop(host)
            refuseToPrepare(host, Failure(.deadline, "did not prepare within \(plan.limits.prepareTimeout)"))
        case .done where state.phase == .confirming, .settled where state.phase == .confirming:
            drop(host)
            update(host) { $0.failure = Failure(.deadline, "did not say in time that its release is confirmed") }
        case .idle, .unprepared, .ready, .missing, .done, .settled, .back, .failed, .stuck, .skipped:
            drop(host)
        }
    }

    private mutating func giveUp(_ host: Int, _ move: Move, _ late: Failure) {
        switch (move.direction, move.stage) {
        case (.forward, .activating), (.forward, .awaiting):
            withdraw(host, move, reason: late.message)
        case (.forward, .committing), (.forward, .reverting), (.back, _):
            // It may run either release; its late answer still counts.
            update(host) { $0.step = .missing(move) }
        }
        fail(host, late)
    }

    // MARK: Progress

    /// The progress clock runs while hosts should be moving; not while paused, and not while a bake counts or a
    /// gate is asked.
    mutating func tendProgress() {
        let isRunning: Bool
        switch state.phase {
        // Time in which all that is left waits for other services is not its own.
        case .rolling, .rollingBack: isRunning = state.pause == nil && !(sums.engaged > 0 && sums.moving == 0)
        case .baking(let stage), .gating(let stage):
            isRunning = state.pause == nil && sums.unwell > 0 && !(isThrough && isHeld(after: stage))
        case .planned, .scheduled, .mustering, .inspecting, .claiming, .awaitingApproval, .preparing, .migrating,
            .confirming,
            .aborting,
            .releasing, .concluded:
            isRunning = false
        }
        switch (state.progressBy, isRunning) {
        case (nil, true):
            let left = state.progressLeft ?? plan.limits.progressDeadline
            state.progressLeft = nil
            state.progressBy = state.now + left
            actions.append(.startTimer(.progress, left))
        case (.some(let deadline), false):
            if case .awaitingApproval = state.phase { state.progressLeft = max(.zero, deadline - state.now) }
            state.progressBy = nil
            actions.append(.cancelTimer(.progress))
        case (nil, false), (.some, true):
            break
        }
    }

    /// A host became healthy, or a person changed something: the clock starts anew.
    mutating func restartProgress() {
        state.progressBy = nil
        state.progressLeft = nil
    }

    // MARK: After a restart

    /// Moves every deadline to the new clock; time without a coordinator counts for nothing.
    mutating func shiftClock(to now: Instant) {
        let shift = now - state.now
        func moved(_ instant: Instant?) -> Instant? { instant.map { $0 + shift } }
        unsaved.insertAll()
        for host in state.hosts.indices {
            state.hosts[host].answerBy = moved(state.hosts[host].answerBy)
            state.hosts[host].reachBy = moved(state.hosts[host].reachBy)
            state.hosts[host].lostAt = moved(state.hosts[host].lostAt)
            state.hosts[host].startedAt = moved(state.hosts[host].startedAt)
            state.hosts[host].endedAt = moved(state.hosts[host].endedAt)
        }
        state.startedAt = state.startedAt + shift
        state.musterBy = moved(state.musterBy)
        state.progressBy = moved(state.progressBy)
        if let bake = state.bake {
            state.bake?.runningSince = moved(bake.runningSince)
            state.bake?.sliceEnds = moved(bake.sliceEnds)
        }
        state.gates = state.gates?.map { $0.moved(by: shift) }
        state.now = now
    }

    /// Starts every timer anew with the time that is left.
    mutating func rearmTimers() {
        func rearm(_ timer: TimerID, _ deadline: Instant?) {
            guard let deadline else { return }
            actions.append(.startTimer(timer, max(.zero, deadline - state.now)))
        }
        rearm(.muster, state.musterBy)
        rearm(.progress, state.progressBy)
        rearm(.bake, state.bake?.sliceEnds)
        for index in (state.gates ?? []).indices { rearm(.gate(index), gate(index).step.until) }
        for host in state.hosts.indices {
            rearm(.answer(host: host), state.hosts[host].answerBy)
            rearm(.reach(host: host), state.hosts[host].reachBy)
        }
    }
}
