import Model

extension RolloutMachine {
    /// Gives the host its next request; an open one is replaced, its late answer then means nothing.
    mutating func ask(_ host: Int, _ ask: HostAsk, within span: TimeSpan) {
        state.sequence += 1
        let request = HostState.OpenRequest(sequence: state.sequence, epoch: state.epoch, ask: ask)
        update(host) { $0.request = request }
        if state.hosts[host].isConnected {
            actions.append(.send(host: host, id: requestID(request), ask))
        }
        wait(host, span)
    }

    /// Bounds the wait for what the host does next.
    mutating func wait(_ host: Int, _ span: TimeSpan) {
        let deadline = state.now + span
        update(host) { $0.answerBy = deadline }
        actions.append(.startTimer(.answer(host: host), span))
    }

    mutating func stopWaiting(_ host: Int) {
        guard state.hosts[host].answerBy != nil else { return }
        update(host) { $0.answerBy = nil }
        actions.append(.cancelTimer(.answer(host: host)))
    }

    /// Forgets the open request.
    mutating func drop(_ host: Int) {
        update(host) { $0.request = nil }
        stopWaiting(host)
    }

    func requestID(_ request: HostState.OpenRequest) -> RequestID {
        RequestID(rollout: id, epoch: request.epoch, sequence: request.sequence)
    }

    /// Takes a host's answer to its open request; answers to any other are late or repeated.
    mutating func accept(_ host: Int, _ sequence: Int64, _ reply: HostReply) {
        guard let request = state.hosts[host].request, request.sequence == sequence else { return }
        drop(host)
        if case .refused(let failure) = reply {
            if isFenced(by: failure) { return fence(host, failure) }
            if mustStartOver(host, failure) { return startOver(host, failure) }
        }
        switch request.ask {
        case .inspectClaim: acceptInspection(host, reply)
        case .claim: acceptClaim(host, reply)
        case .prepare: acceptPreparation(host, reply)
        case .migrate: acceptMigration(host, reply)
        case .activate, .commit, .revert, .remove:
            if case .missing(let move) = state.hosts[host].step { update(host) { $0.step = .moving(move) } }
            acceptMove(host, reply)
        case .confirm: acceptConfirmation(host, reply)
        case .releaseClaim: update(host) { $0.isClaimed = false }
        }
    }

    /// Whether the refusal says that somebody else holds the hosts now.
    private func isFenced(by failure: Failure) -> Bool {
        switch state.phase {
        case .awaitingApproval, .preparing, .migrating, .rolling, .baking, .gating, .confirming, .rollingBack,
            .aborting:
            failure.code == .epochStale || failure.code == .claimRefused
        case .planned, .scheduled, .mustering, .inspecting, .claiming, .releasing, .concluded: false
        }
    }

    /// Another rollout has taken over: whatever is uncommitted reverts by itself, and we must not interfere.
    private mutating func fence(_ host: Int, _ failure: Failure) {
        if case .claiming = state.hosts[host].step {
            // A late joiner that somebody else holds stays out; the others are still ours.
            update(host) {
                $0.step = .unprepared
                $0.failure = failure
            }
            return
        }
        state.verdict = "\(name(host)): \(failure.message)"
        giveBack(.failed)
    }

    /// Whether a host that has changed nothing yet lacks what it had: its claim, or an order that still counts.
    func mustStartOver(_ host: Int, _ failure: Failure) -> Bool {
        guard failure.code == .claimMissing || failure.code == .orderExpired,
            state.phase == .preparing || state.phase.movesForward,
            state.hosts[host].startsOver < Self.maximumAttempts
        else { return false }
        switch state.hosts[host].step {
        case .preparing: return true
        case .moving(let move): return move.direction == .forward && move.stage == .activating
        case .idle, .claiming, .unprepared, .ready, .missing, .done, .settled, .back, .failed, .stuck, .skipped:
            return false
        }
    }

    /// Claims and prepares a host anew, for example one whose journal was lost, or whose order has expired in a long pause.
    mutating func startOver(_ host: Int, _ failure: Failure) {
        update(host) { $0.startsOver += 1 }
        switch failure.code {
        case .claimMissing: askForClaim(host)
        case _ where needsApproval:
            // The same order would be refused again: the host keeps its place until there is another.
            stopWaiting(host)
            update(host) { $0.step = .ready }
            lapse()
        case _: prepare(host)
        }
    }
}
