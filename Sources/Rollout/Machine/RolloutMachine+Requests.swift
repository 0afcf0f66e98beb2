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
        if case .refused(let failure) = reply, isFenced(by: failure) {
            fence(host, failure)
            return
        }
        switch request.ask {
        case .inspectClaim: acceptInspection(host, reply)
        case .claim: acceptClaim(host, reply)
        case .prepare: acceptPreparation(host, reply)
        case .activate, .commit, .revert:
            if case .missing(let move) = state.hosts[host].step { update(host) { $0.step = .moving(move) } }
            acceptMove(host, reply)
        case .confirm: break
        case .releaseClaim: update(host) { $0.isClaimed = false }
        }
    }

    /// Whether the refusal says that somebody else holds the hosts now.
    private func isFenced(by failure: Failure) -> Bool {
        switch state.phase {
        case .preparing, .rolling, .baking, .confirming, .rollingBack, .aborting:
            failure.code == .epochStale || failure.code == .claimRefused
        case .planned, .mustering, .inspecting, .claiming, .releasing, .concluded: false
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
        for host in state.hosts.indices { drop(host) }
        end(.failed)
    }
}
