import Model

extension RolloutMachine {
    /// Attempts of a host whose commit came too late, before that counts as a failure.
    static let maximumAttempts = 3

    /// Applies the answer to an order to switch, to a commit or to a revert.
    mutating func acceptMove(_ host: Int, _ reply: HostReply) {
        guard case .moving(let move) = state.hosts[host].step else { return }
        switch reply {
        case .awaitingCommit:
            guard move.stage == .activating else { return }
            change(host, move, to: .awaiting)
            wait(host, plan.limits.commitWithin + plan.limits.silence)
            commitIfHealthy(host)
        case .committed:
            committed(host, move)
        case .reverted(_, let failure):
            reverted(host, move, failure)
        case .discarded:
            reverted(host, move, Failure(.cancelled, "was not switched"))
        case .stuck(let failure):
            stuck(host, failure)
        case .refused(let failure):
            refused(host, move, failure)
        case .claimState, .claimed, .released, .prepared, .migrated, .confirmed:
            refused(host, move, Failure(.internalError, "answered an order to switch with \(reply)"))
        }
    }

    private mutating func change(_ host: Int, _ move: Move, to stage: Move.Stage) {
        update(host) { $0.step = .moving(Move(move.direction, stage, activation: move.activation)) }
    }

    private func destination(_ host: Int, _ move: Move) -> ReleaseID? {
        switch move.direction {
        case .forward: plan.target
        case .back: state.hosts[host].before?.release
        }
    }

    /// Reads a report of a host in flight; one that speaks of an earlier attempt says nothing.
    mutating func observe(_ host: Int, _ move: Move) {
        guard let operation = state.hosts[host].facts.operation, isOurs(operation, move) else { return }
        switch operation.phase {
        case .reverted:
            drop(host)
            reverted(host, move, operation.failure ?? Failure(.cancelled, "was taken back"))
        case .stuck:
            drop(host)
            stuck(host, operation.failure ?? Failure(.internalError, "is stuck"))
        case .awaitingCommit, .kept: commitIfHealthy(host)
        case .idle, .preparing, .prepared, .draining, .switching, .starting, .checking, .committed, .reverting: break
        }
    }

    /// Whether the host waits, by our order, for its service to be idle.
    func isBusy(_ host: Int) -> Bool {
        guard case .moving(let move) = state.hosts[host].step, let operation = state.hosts[host].facts.operation else {
            return false
        }
        return operation.awaitsIdle == true && isOurs(operation, move)
    }

    private func isOurs(_ operation: OperationReport, _ move: Move) -> Bool {
        guard case .rollout(let request) = operation.origin else { return false }
        return request.rollout == id && request.epoch == state.epoch && request.sequence == move.activation
    }

    /// The word that the release stays, once the host has proved it: switched, waiting, healthy, and it says so now.
    private mutating func commitIfHealthy(_ host: Int) {
        let found = state.hosts[host]
        guard case .moving(let move) = found.step, move.stage == .awaiting, found.link == .up,
            let operation = found.facts.operation, isOurs(operation, move), operation.phase.isUncommitted,
            let destination = destination(host, move), found.facts.current == destination, found.facts.health.isHealthy
        else { return }
        change(host, move, to: .committing)
        ask(host, .commit(release: destination.digest), within: plan.limits.commitWithin + plan.limits.silence)
    }

    /// Takes back what was ordered and not committed; only on the way forward.
    mutating func withdraw(_ host: Int, _ move: Move, reason: String) {
        guard let destination = destination(host, move) else { return }
        change(host, move, to: .reverting)
        ask(host, .revert(release: destination.digest, reason: reason), within: answerTimeout)
    }

    /// Withdraws every host that moves forward and was not told to stay; a commit that is under way is read back first.
    mutating func withdrawAll(reason: String) {
        for host in state.hosts.indices {
            guard case .moving(let move) = state.hosts[host].step, move.direction == .forward else { continue }
            switch move.stage {
            case .activating, .awaiting: withdraw(host, move, reason: reason)
            case .committing, .reverting: break
            }
        }
    }

    private mutating func committed(_ host: Int, _ move: Move) {
        guard !move.isRemoval else {
            return stuck(host, Failure(.orderRefused, "keeps \(plan.target) although it was told to take it back"))
        }
        stopWaiting(host)
        let now = state.now
        let destination = destination(host, move)
        update(host) {
            $0.step = move.direction == .forward ? .done : .back
            $0.endedAt = now
            // The report that says so is on its way; the host has just proved its health.
            $0.facts.current = destination
            $0.facts.operation?.phase = .committed
        }
        if move.direction == .forward, state.hosts[host].failure != nil { forgive(host) }
        actions.append(.announce(.hostFinished(host: host)))
        restartProgress()
    }

    /// A host that was lost and counted has come back well after all.
    mutating func forgive(_ host: Int) {
        update(host) { $0.failure = nil }
        state.failures -= 1
        state.accepted = min(state.accepted, state.failures)
    }

    /// The host runs what it ran before the move.
    private mutating func reverted(_ host: Int, _ move: Move, _ failure: Failure) {
        stopWaiting(host)
        let now = state.now
        let found = state.hosts[host]
        let isLate = failure.code == .commitMissing && hasAttemptsLeft(host)
        update(host) { $0.endedAt = now }
        switch (move.direction, move.stage) {
        case (.forward, .reverting) where plan.kind == .remove:
            update(host) {
                $0.step = .done
                $0.facts.current = nil
            }
            actions.append(.announce(.hostFinished(host: host)))
            restartProgress()
        case (.back, .reverting):
            update(host) {
                $0.step = .back
                $0.facts.current = nil
            }
            actions.append(.announce(.hostFinished(host: host)))
            restartProgress()
        case (.forward, .reverting):
            update(host) { $0.step = found.failure == nil ? .back : .failed }
            actions.append(.announce(.hostFinished(host: host)))
        case (.forward, _) where isLate && found.failure == nil && state.phase.movesForward:
            update(host) { $0.step = .ready }
            actions.append(.announce(.hostRetried(host: host, attempt: found.attempts + 1)))
        case (.forward, .activating) where mustStartOver(host, failure):
            startOver(host, failure)
        case (.forward, _):
            update(host) { $0.step = .failed }
            fail(host, failure)
        case (.back, _) where isLate:
            update(host) { $0.step = .done }
            actions.append(.announce(.hostRetried(host: host, attempt: found.attempts + 1)))
        case (.back, _):
            stuck(host, failure)
        }
    }

    /// Whether another attempt of the host may be made before what went wrong counts as a failure.
    private func hasAttemptsLeft(_ host: Int) -> Bool { state.hosts[host].attempts % Self.maximumAttempts != 0 }

    private mutating func stuck(_ host: Int, _ failure: Failure) {
        stopWaiting(host)
        let now = state.now
        update(host) {
            $0.step = .stuck
            $0.endedAt = now
        }
        if state.hosts[host].failure == nil {
            fail(host, failure)
        } else {
            update(host) { $0.failure = failure }
        }
    }

    /// An order that was refused has changed nothing; a commit is refused by a host that went back before.
    private mutating func refused(_ host: Int, _ move: Move, _ failure: Failure) {
        guard !move.isRemoval else { return stuck(host, failure) }
        if plan.kind == .remove {
            stopWaiting(host)
            update(host) { $0.step = .failed }
            return fail(host, failure)
        }
        let found = state.hosts[host].facts.operation.flatMap { isOurs($0, move) ? $0.failure : nil }
        reverted(host, move, found ?? failure)
    }
}
