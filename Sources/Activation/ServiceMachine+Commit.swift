import Model

extension ServiceMachine {
    /// The release is well: its commit must come within the time that starts now.
    mutating func enterRearming(_ change: Change, at now: Moment) -> [Action] {
        switch change.requester {
        case .local: return settle(change, at: now)
        case .command: break
        }
        var next = change
        next.deadline = now.boot + change.commitWithin
        state = .changing(next)
        return [.wake(after: change.commitWithin)]
            + perform(.armDeadMan(change.commitWithin, wayBack: wayBack(from: change)))
    }

    /// Tells that the release is well and waits.
    mutating func awaitCommit(_ change: Change) -> [Action] {
        var next = change
        next.informed = change.waiters
        next.waiters = []
        state = .changing(next)
        var actions: [Action] = []
        for waiter in change.waiters { actions += answer(waiter, .awaitingCommit(change.target.id)) }
        return actions
    }

    /// The coordinator's word that a release stays; what is answered is always what is true.
    mutating func commit(_ digest: Digest, _ requester: Requester, at now: Moment) -> [Action] {
        switch state {
        case .changing(var change):
            guard change.target.id.digest == digest, change.isWaiting else {
                return answer(requester, .refused(busy))
            }
            change.waiters.append(requester)
            return settle(change, at: now)
        case .reverting(var change, let reversal):
            guard change.target.id.digest == digest else { return answer(requester, .refused(busy)) }
            change.waiters.append(requester)
            state = .reverting(change, reversal)
            return []
        case .idle, .preparing, .prepared, .migrating:
            return answer(requester, settled(digest) ?? .refused(notActivated(digest)))
        }
    }

    /// What became of a release that is no longer being changed to; nil if it was not tried.
    func settled(_ digest: Digest) -> HostReply? {
        if let distressFailure { return .stuck(distressFailure) }
        if let last, last.target.digest == digest, last.phase == .reverted, let failure = last.failure {
            return .reverted(to: current, failure: failure)
        }
        if let current, current.digest == digest { return .committed(current) }
        return nil
    }

    private func notActivated(_ digest: Digest) -> Failure {
        Failure(.orderRefused, "release \(digest.short) was not activated here, so it can't be committed")
    }

    /// The change stays.
    private mutating func settle(_ change: Change, at now: Moment) -> [Action] {
        awaited = nil
        state = .idle
        distress = nil
        distressFailure = nil
        instance = change.target.instance
        if change.purpose != .restart {
            let undo = change.purpose == .deploy ? undo(of: change) : nil
            holding?.undo = undo
            if current != change.target.id { previous = current }
            current = change.target.id
            lastMove = change.purpose
            mark(change, since: now.wall)
        }
        last = report(change, .committed, failure: nil)
        let isLocal: Bool
        switch change.requester {
        case .local: isLocal = true
        case .command: isLocal = false
        }
        if change.drift == .repair { drift = [] }
        // What was released is there again: nothing that a rollout should be kept from.
        if isLocal, change.purpose != .restart {
            let what = "\(change.requester.origin), \(change.purpose.rawValue) of \(change.target.id) at \(now.wall)"
            held = what + (change.reason.map { ": \($0)" } ?? "")
        }
        var actions: [Action] = [.attest(act(change, .committed, at: now)), .disarmDeadMan] + renewClaim(at: now)
        actions += answer(change, .committed(change.target.id))
        return actions + retention()
    }

    private func undo(of change: Change) -> Holding.Undo {
        current.map { .release($0) } ?? .nothing(adopted: change.displacedUnit)
    }

    /// Answers who waits for the end of `change`, and puts it in the place of the answer that was given on the way.
    mutating func answer(_ change: Change, _ reply: HostReply) -> [Action] {
        for case .command(let id) in change.informed { log.finish(id, reply) }
        return change.waiters.flatMap { answer($0, reply) }
    }

    private mutating func mark(_ change: Change, since now: WallTime) {
        guard let index = catalog.firstIndex(where: { $0.installed.id == change.target.id }) else { return }
        catalog[index].wasHealthy = true
        catalog[index].installed.since = now
        catalog[index].adopts = nil
    }

    /// The rollout of a release has succeeded: from now on one may go back to it without an order.
    mutating func confirm(_ digest: Digest, _ requester: Requester) -> [Action] {
        guard let index = catalog.firstIndex(where: { $0.installed.id.digest == digest }), catalog[index].wasHealthy
        else {
            let failure = Failure(.orderRefused, "release \(digest.short) was never committed here")
            return answer(requester, .refused(failure))
        }
        catalog[index].installed.isConfirmed = true
        return answer(requester, .confirmed(catalog[index].installed.id))
    }
}
