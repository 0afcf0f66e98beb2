import Model

extension ServiceMachine {
    /// The coordinator's word to take an uncommitted release back.
    mutating func revert(_ digest: Digest, _ reason: String, _ requester: Requester, at now: Moment) -> [Action] {
        let cancelled = Failure(.cancelled, reason)
        switch state {
        case .changing(var change):
            guard change.target.id.digest == digest else { return answer(requester, .refused(busy)) }
            change.waiters.append(requester)
            return revert(change, because: cancelled, at: now)
        case .reverting(var change, let reversal):
            guard change.target.id.digest == digest else { return answer(requester, .refused(busy)) }
            change.waiters.append(requester)
            state = .reverting(change, reversal)
            return []
        case .preparing(let preparation) where preparation.id.digest == digest:
            let reply = distressFailure.map(HostReply.stuck) ?? .reverted(to: current, failure: cancelled)
            return abandonPreparation(because: reason) + answer(requester, reply)
        case .idle, .preparing, .prepared, .migrating:
            if var change = distress, change.target.id.digest == digest {
                change.waiters = [requester]
                return revert(change, because: distressFailure ?? cancelled, at: now)
            }
            if let change = undoOfFirst(digest, requester, at: now) {
                return revert(change, because: cancelled, at: now)
            }
            return answer(requester, settled(digest) ?? .reverted(to: current, failure: cancelled))
        }
    }

    /// A committed first deployment as a change that can be taken back: only by the claim that brought it.
    private func undoOfFirst(_ digest: Digest, _ requester: Requester, at now: Moment) -> Change? {
        guard isCurrent(digest), case .nothing(let adopted) = holding?.undo, let entry = entry(digest) else {
            return nil
        }
        return undo(of: entry.deployment(in: instance), adopted: adopted, requester, at: now)
    }

    /// A change from nothing to what runs, which waits for the word that takes it back.
    func undo(of target: Deployment, adopted: UnitName?, _ requester: Requester, at now: Moment) -> Change {
        let within = settings.localActivateWithin + idleTime([target])
        return Change(
            requester: requester,
            purpose: .rollback,
            target: target,
            predecessor: nil,
            adopts: adopted,
            validUntil: nil,
            activateWithin: within,
            commitWithin: within,
            startedAt: now.wall,
            condition: .sound,
            stranded: nil,
            deadline: now.boot + within,
            step: .awaitingCommit,
            waiters: [requester],
            diversion: diversion(from: nil, to: target)
        )
    }

    /// Turns around.
    mutating func revert(_ change: Change, because failure: Failure, at now: Moment) -> [Action] {
        let isShallow = !change.hasTouched || isBeforeHandover(change)
        let reversal = Reversal(
            failure: failure,
            isShallow: isShallow,
            step: isShallow ? .undraining : .arming,
            attempt: 1,
            deadline: now.boot + change.activateWithin
        )
        return [.wake(after: change.activateWithin)] + enter(reversal.step, change, reversal, at: now)
    }

    /// Goes on with a revert after one of its effects.
    mutating func advance(_ change: Change, _ reversal: Reversal, _ result: EffectResult, at now: Moment) -> [Action] {
        var next = reversal
        switch result {
        case .failed(let failure): return failed(change, reversal, failure, at: now)
        case .checked(let round):
            guard reversal.step == .checking, let predecessor = change.predecessor else { return [] }
            see(round)
            var watch = reversal.watch ?? Self.briefWatch(restarts: nil, at: now)
            let verdict = watch.judge(round, of: predecessor, at: now.boot.instant)
            next.watch = watch
            return follow(verdict, change, next, at: now)
        case .started(let unit): next.watch = Self.briefWatch(restarts: unit.restarts, at: now)
        case .traffic(let states): return found(states, change, reversal, at: now)
        case .busy: return foundBusy(change, reversal, at: now)
        case .done where reversal.step.isOfTraffic: return lookAgain(change, reversal)
        case .done: break
        case .inspected, .verified: return []
        }
        return leave(change, next, at: now)
    }

    /// What a failure on the way back means depends on what it was for.
    private mutating func failed(
        _ change: Change,
        _ reversal: Reversal,
        _ failure: Failure,
        at now: Moment
    ) -> [Action] {
        switch reversal.step {
        // The old release matters more than the timer, than traffic, and than a hook of the one that failed.
        case .arming, .diverting, .draining, .idling, .warming: return leave(change, reversal, at: now)
        case .checking:
            guard let predecessor = change.predecessor else { return leave(change, reversal, at: now) }
            var next = reversal
            var watch = reversal.watch ?? Self.briefWatch(restarts: nil, at: now)
            let verdict = watch.judge(problem: failure, of: predecessor, at: now.boot.instant)
            next.watch = watch
            return follow(verdict, change, next, at: now)
        case .readmitting: return failedToReadmit(change, reversal, failure, at: now)
        case .reloading: return retry(change.stopped, reversal, after: failure, at: now)
        case .stopping, .unlinking, .switching, .starting, .undraining:
            return retry(change, reversal, after: failure, at: now)
        }
    }

    private mutating func follow(
        _ verdict: Watch.Verdict,
        _ change: Change,
        _ reversal: Reversal,
        at now: Moment
    ) -> [Action] {
        switch verdict {
        case .healthy: return leave(change, reversal, at: now)
        case .failed(let failure): return retry(change, reversal, after: failure, at: now)
        case .again(let pause):
            guard let predecessor = change.predecessor else { return leave(change, reversal, at: now) }
            state = .reverting(change, reversal)
            return perform(.check(predecessor.checkRun(after: pause)))
        }
    }

    /// The old release is asked only whether it works at all: it was healthy before.
    private static func briefWatch(restarts: Int?, at now: Moment) -> Watch {
        Watch(startedAt: now.boot.instant, healthyFor: .zero, restarts: restarts)
    }

    /// Tries the way back again from its start, or gives up and says so.
    mutating func retry(
        _ change: Change,
        _ reversal: Reversal,
        after failure: Failure,
        at now: Moment
    ) -> [Action] {
        guard reversal.attempt < settings.revertAttempts else { return giveUp(change, reversal, failure, at: now) }
        var next = reversal
        next.attempt += 1
        next.watch = nil
        next.deadline = now.boot + change.activateWithin
        return [.wake(after: change.activateWithin)] + enter(reversal.restart, change, next, at: now)
    }

    mutating func leave(_ change: Change, _ reversal: Reversal, at now: Moment) -> [Action] {
        switch reversal.step {
        case .switching: linked = change.predecessor?.id
        case .undraining: isDrained = false
        case .arming, .diverting, .draining, .idling, .stopping, .unlinking, .starting, .reloading, .checking, .warming,
            .readmitting:
            break
        }
        guard let step = reversal.route(of: change).following(reversal.step) else {
            return conclude(change, reversal, at: now)
        }
        if reversal.isEarly {
            var next = reversal
            next.step = step
            state = .reverting(change, next)
            return []
        }
        return enter(step, change, reversal, at: now)
    }

    /// Begins `step` of the way back, or passes it where there is nothing to do.
    mutating func enter(
        _ step: Reversal.Step,
        _ change: Change,
        _ reversal: Reversal,
        at now: Moment
    ) -> [Action] {
        var next = reversal
        next.step = step
        state = .reverting(change, next)
        switch step {
        case .arming:
            let left = reversal.deadline.instant - now.boot.instant
            return perform(.armDeadMan(left, wayBack: wayBack(from: change)))
        case .diverting: return enterDiverting(change, next, at: now)
        case .readmitting: return enterReadmitting(change, next, at: now)
        case .draining:
            guard change.isInTraffic, !isDrained, let hook = HookRun(.drain, of: change.target) else {
                return leave(change, next, at: now)
            }
            if !change.isBeside { isDrained = true }
            return perform(.runHook(hook))
        case .idling: return enterIdling(change, next, at: now)
        case .stopping: return perform(stopping(change.target.units))
        case .switching: return perform(.switchTo(switchBack(change, beside: change.isBeside ? change.target : nil)))
        case .unlinking: return perform(.switchTo(switchBack(change)))
        case .starting:
            guard let startup = change.revertStartup else { return leave(change, next, at: now) }
            return perform(.start(startup))
        case .reloading:
            guard let reload = change.reload(change.predecessor) else { return leave(change, next, at: now) }
            return perform(.reload(reload))
        case .checking:
            guard let predecessor = change.predecessor else { return leave(change, next, at: now) }
            next.watch = next.watch ?? Self.briefWatch(restarts: nil, at: now)
            state = .reverting(change, next)
            return perform(.check(predecessor.checkRun(after: .zero)))
        case .warming:
            guard change.hasStoppedPredecessor, let hook = HookRun(.warmUp, of: change.predecessor) else {
                return leave(change, next, at: now)
            }
            return perform(.runHook(hook))
        case .undraining:
            guard isDrained || change.hasDrainedInstance, change.predecessor != nil,
                let hook = undrainHook(change.predecessor, change.target)
            else { return leave(change, next, at: now) }
            return perform(.runHook(hook))
        }
    }

    /// To the old release; `beside` is the one that runs on meanwhile.
    func switchBack(_ change: Change, beside: Deployment? = nil) -> Switch {
        Switch(
            from: [change.target, change.stranded],
            to: change.predecessor,
            beside: beside,
            previous: change.predecessor == nil ? nil : previous,
            foreignUnit: change.adopts.map { .restore($0) } ?? .none
        )
    }

    /// The old release is back, whole; after the undo of a first deployment, nothing is.
    private mutating func conclude(_ change: Change, _ reversal: Reversal, at now: Moment) -> [Action] {
        awaited = nil
        state = .idle
        var forgotten: [Action] = []
        if change.predecessor == nil, current != nil {
            let isFirst = holding?.undo != nil
            current = nil
            instance = nil
            holding?.undo = nil
            lastMove = .rollback
            if !isFirst { forgotten = forgetReleases() }
        }
        distress = nil
        distressFailure = nil
        last = report(change, .reverted, failure: reversal.failure)
        let act = act(change, .reverted, because: reversal.failure, at: now)
        return [.attest(act), .disarmDeadMan] + forgotten + renewClaim(at: now)
            + answer(change, .reverted(to: current, failure: reversal.failure)) + giveToHeir(at: now)
    }

    private mutating func giveUp(
        _ change: Change,
        _ reversal: Reversal,
        _ failure: Failure,
        at now: Moment
    ) -> [Action] {
        awaited = nil
        state = .idle
        let stuck = Failure(
            failure.code,
            "\(failure.message); this was on the way back after: \(reversal.failure.message)",
            evidence: failure.evidence + reversal.failure.evidence
        )
        distress = change
        distressFailure = stuck
        health = .unhealthy(reason: stuck.message)
        last = report(change, .stuck, failure: stuck)
        let act = act(change, .stuck, because: stuck, at: now)
        return [.attest(act), .disarmDeadMan] + answer(change, .stuck(stuck)) + giveToHeir(at: now)
    }
}

extension Reversal {
    /// Where another attempt begins: an old release that runs is not started again for the sake of its hook.
    var restart: Step {
        if isEarly { return .switching }
        return isShallow || step == .warming || step == .undraining || step == .readmitting ? .undraining : .arming
    }
}

extension Change {
    /// Whether its target may have traffic.
    var isInTraffic: Bool {
        switch step {
        case .undraining, .readmitting, .unlinking, .rearming, .awaitingCommit, .guarding, .judging, .kept: true
        case .diverting where isBeside, .draining where isBeside, .idling where isBeside, .stopping where isBeside: true
        // Nobody has taken out of it what was to be reloaded.
        case .arming, .probing, .surveying, .hiding, .closing, .diverting, .draining, .idling, .stopping, .restoring,
            .switching, .trying, .starting, .reloading, .answering, .warming, .checking:
            passage != nil && target.instance == nil
        }
    }

    /// What a deadline that has passed means.
    var overdue: Failure {
        switch step {
        // From the moment it is well its time for the commit runs, also while its timer is set to that.
        case .rearming, .awaitingCommit: uncommitted("")
        case .idling where isBusy == true: stayedBusy
        case .guarding, .judging, .kept: uncommitted(", and nobody could tell whether it is healthy")
        case .arming, .probing, .surveying, .hiding, .closing, .diverting, .draining, .idling, .stopping, .unlinking,
            .restoring, .switching, .trying, .starting, .reloading, .answering, .warming, .checking, .undraining,
            .readmitting:
            Failure(.deadline, "\(target.id) was not healthy within \(activateWithin), at \(step.rawValue)")
        }
    }

    /// Why it did not stay without its commit.
    func unfit(_ failure: Failure) -> Failure {
        uncommitted(", and it is not healthy: \(failure.message)", failure.evidence)
    }

    /// What is said of a release that stays without its commit.
    var kept: Failure? {
        keptSince.map { uncommitted("; it was healthy and stays since \($0), as its plan says: kept without commit") }
    }

    private func uncommitted(_ more: String, _ evidence: [String] = []) -> Failure {
        Failure(.commitMissing, "no commit for \(target.id) came within \(commitWithin)\(more)", evidence: evidence)
    }
}
