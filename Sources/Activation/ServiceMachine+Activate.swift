import Model

extension ServiceMachine {
    /// Takes the word to switch, or refuses it before anything is touched.
    mutating func activate(_ order: ActivateOrder, _ requester: Requester, at now: Moment) -> [Action] {
        switch state {
        case .preparing, .migrating, .changing, .reverting: return answer(requester, .refused(busy))
        case .idle, .prepared: break
        }
        if let held { return answer(requester, .refused(Failure(.held, "\(service) is held: \(held)"))) }
        let digest = order.release.digest
        if order.purpose != .restart, isCurrent(digest) { return answer(requester, .committed(order.release)) }
        if let refusal = refusal(of: order, at: now.wall) { return answer(requester, .refused(refusal)) }
        guard let entry = entry(digest) else {
            return answer(requester, .refused(Failure(.artifactMissing, "\(order.release) is not on this host")))
        }
        if order.purpose == .deploy, let refusal = Self.refusal(of: entry.spec, behind: order.traffic) {
            return answer(requester, .refused(refusal))
        }
        return begin(order, entry, requester, at: now)
    }

    /// Who may move the service to which release.
    private func refusal(of order: ActivateOrder, at now: WallTime) -> Failure? {
        let digest = order.release.digest
        if let restriction = holding?.restriction, order.purpose != .rollback || !isConfirmedPredecessor(digest) {
            return restriction
        }
        let permit = permit.flatMap { $0.covers(digest, under: holding?.claim) ? $0 : nil }
        switch order.purpose {
        case .restart:
            guard !isCurrent(digest) else { return nil }
            return Failure(.orderRefused, "\(order.release) is not current here, so it can't be restarted")
        case .deploy:
            guard let permit else {
                return Failure(.orderRefused, "\(order.release) was not prepared here under an order of this rollout")
            }
            return expiry(permit, at: now)
        case .rollback:
            let isOrdered = permit.map { expiry($0, at: now) == nil } ?? false
            return rollbackRefusal(order.release, isOrdered: isOrdered)
        }
    }

    /// Whether it is the one release to which anybody may take the service back.
    func isConfirmedPredecessor(_ digest: Digest) -> Bool {
        guard previous?.digest == digest, lastMove != .rollback, let entry = entry(digest) else { return false }
        return entry.installed.isConfirmed && entry.wasHealthy
    }

    /// Without an order there is one way back: to the release before, if it was confirmed or if this claim left it.
    private func rollbackRefusal(_ release: ReleaseID, isOrdered: Bool) -> Failure? {
        func none(_ message: String) -> Failure { Failure(.nothingToRollBackTo, message) }
        guard let target = entry(release.digest) else { return none("\(release) is not on this host") }
        guard target.wasHealthy else { return none("\(release) was never healthy on this host") }
        guard !isOrdered else { return nil }
        // Out of a change that got stuck, back is what ran before it.
        if distress != nil, current?.digest == release.digest { return nil }
        guard previous?.digest == release.digest else {
            return none("\(release) is not the release before; only that needs no order")
        }
        guard lastMove != .rollback else {
            return none("the service was rolled back already; name a release with --to")
        }
        guard target.installed.isConfirmed || holding?.undo?.release?.digest == release.digest else {
            return none("\(release) was never confirmed, so it needs an order")
        }
        return nil
    }

    /// Begins the change; the timer is armed before anything is touched.
    mutating func begin(
        _ order: ActivateOrder,
        _ entry: CatalogEntry,
        _ requester: Requester,
        on warrant: Warrant = Warrant(),
        at now: Moment
    ) -> [Action] {
        let permit = permit.flatMap { $0.covers(order.release.digest, under: holding?.claim) ? $0 : nil }
        let isOrdered = order.purpose == .deploy && permit != nil
        if isOrdered, let permit, orderMark?.isOf(permit.order) == true { orderMark?.isSpent = true }
        let predecessor = standing
        var change = Change(
            requester: requester,
            purpose: order.purpose,
            target: entry.deployment(in: Self.instance(of: entry.spec, inPlaceOf: predecessor)),
            predecessor: predecessor,
            adopts: entry.adopts,
            validUntil: isOrdered ? permit?.until : warrant.validUntil,
            activateWithin: order.activateWithin,
            commitWithin: order.commitWithin,
            startedAt: now.wall,
            condition: condition,
            stranded: distress?.target,
            deadline: now.boot + order.activateWithin,
            step: .arming,
            waiters: [requester],
            reason: warrant.reason,
            brokenClaim: warrant.brokenClaim,
            order: warrant.order,
            breakGlass: warrant.breakGlass,
            onCommitMissing: order.onCommitMissing,
            drift: order.drift,
            keeper: ownExecutable
        )
        if case .command = requester { traffic = order.traffic }
        change.diversion = diversion(from: predecessor, to: change.target)
        change.passage = mayReload(change, to: entry) ? .unseen : nil
        runBeside(&change)
        forgetIdle(besides: change.diversion)
        if case .command = requester {
            change.asker = permit?.order.requester.text ?? holding?.claim.holder
            change.order = permit?.digest
        }
        holding?.name(entry.installed.id.digest)
        holding?.name(current?.digest)
        health = .unknown
        return [.wake(after: order.activateWithin)] + enter(.arming, change, at: now)
    }

    private var condition: Change.Condition {
        if distress != nil { return .stuck }
        switch health {
        case .unhealthy: return .sick
        case .healthy, .unknown: return .sound
        }
    }

    /// Goes on with a change after one of its effects.
    mutating func advance(_ change: Change, _ result: EffectResult, at now: Moment) -> [Action] {
        var next = change
        switch result {
        case .failed(let failure): return failed(change, failure, at: now)
        case .checked(let round) where change.step == .probing: return probed(round, change, at: now)
        case .checked(let round):
            guard change.step == .answering || change.step == .checking || change.step == .judging else { return [] }
            var watch = change.watch ?? Self.watch(change.target, restarts: nil, at: now)
            see(round)
            let verdict = watch.judge(round, of: change.target, at: now.boot.instant)
            next.watch = watch
            return follow(verdict, next, at: now)
        case .started(let unit): next.watch = Self.watch(change.target, restarts: unit.restarts, at: now)
        case .traffic(let states): return found(states, change, at: now)
        case .busy: return foundBusy(change, at: now)
        case .done where change.step.isOfTraffic: return lookAgain(change)
        case .done: break
        case .inspected, .verified: return []
        }
        return leave(next, at: now)
    }

    /// What a failure means depends on what it was for.
    private mutating func failed(_ change: Change, _ failure: Failure, at now: Moment) -> [Action] {
        switch change.step {
        case .arming, .probing: return refuse(change, because: failure)
        // A service that is down can't be drained, and must not keep its own cure out.
        case .draining where change.condition == .sick: return leave(change, at: now)
        // Who can't say whether it is idle is not; what is ill can't say, and a broken hook must not keep the way back out.
        case .idling where change.predecessor?.job == nil && (change.condition == .sick || change.purpose == .rollback):
            return leave(change, at: now)
        case .hiding: return refuse(change, because: failure)
        case .surveying where !change.goesOnInTraffic: return refuse(change, because: failure)
        case .closing where !change.goesOnInTraffic: return refuse(change, because: failure)
        case .surveying, .closing: return leave(inPlace(change), at: now)
        case .diverting, .readmitting: return failedInTraffic(change, failure, at: now)
        // The agent is here to decide; the timer is for when it is not.
        case .guarding: return leave(change, at: now)
        case .warming: return revert(change, because: Self.asCheck(failure), at: now)
        case .answering, .checking, .judging:
            var next = change
            var watch = change.watch ?? Self.watch(change.target, restarts: nil, at: now)
            let verdict = watch.judge(problem: failure, of: change.target, at: now.boot.instant)
            next.watch = watch
            return follow(verdict, next, at: now)
        case .draining, .idling, .stopping, .unlinking, .restoring, .switching, .trying, .starting, .reloading,
            .undraining,
            .rearming, .awaitingCommit, .kept:
            return revert(change, because: failure, at: now)
        }
    }

    private mutating func follow(_ verdict: Watch.Verdict, _ change: Change, at now: Moment) -> [Action] {
        switch verdict {
        case .healthy:
            return leave(change, at: now)
        case .failed(let failure):
            return revert(change, because: change.step == .judging ? change.unfit(failure) : failure, at: now)
        case .again(let pause):
            state = .changing(change)
            return perform(.check(change.target.checkRun(after: pause)))
        }
    }

    /// The step has ended well.
    mutating func leave(_ change: Change, at now: Moment) -> [Action] {
        switch change.step {
        case .switching: linked = change.target.id
        case .undraining: isDrained = false
        case .arming, .probing, .surveying, .hiding, .closing, .diverting, .draining, .idling, .stopping, .unlinking,
            .restoring, .trying, .starting, .reloading, .answering, .warming, .checking, .readmitting, .rearming,
            .awaitingCommit, .guarding,
            .judging, .kept:
            break
        }
        guard let step = change.route.following(change.step) else { return [] }
        return enter(step, change, at: now)
    }

    /// Begins `step`, or passes it where there is nothing to do.
    mutating func enter(_ step: Change.Step, _ change: Change, at now: Moment) -> [Action] {
        var next = change
        next.step = step
        state = .changing(next)
        switch step {
        case .arming: return arm(change, at: now)
        case .probing: return probe(next, at: now)
        case .surveying, .closing, .diverting, .readmitting: return enterTraffic(next, at: now)
        case .hiding:
            guard let hook = HookRun(hiding: change.target) else { return leave(next, at: now) }
            return perform(.runHook(hook))
        case .draining:
            guard let hook = HookRun(.drain, of: change.predecessor) else { return leave(next, at: now) }
            // Beside the new instance it is not the service that goes out of traffic, and what goes stops for good.
            if !change.isBeside { isDrained = true }
            return perform(.runHook(hook))
        case .idling: return enterIdling(next, at: now)
        case .unlinking: return perform(.switchTo(switchOver(change)))
        case .stopping: return perform(stopping(change.stopUnits))
        case .restoring: return perform(.restore(restorations(change)))
        case .switching: return enterSwitching(next, at: now)
        case .trying:
            guard let trial = change.target.trial else { return leave(next, at: now) }
            return perform(.start(trial))
        case .starting:
            guard let startup = change.target.startup else { return leave(next, at: now) }
            return perform(.start(startup))
        case .reloading: return reload(next, at: now)
        case .answering:
            next.watch = Watch(startedAt: now.boot.instant, healthyFor: .zero, restarts: change.watch?.restarts)
            state = .changing(next)
            return perform(.check(change.target.checkRun(after: .zero)))
        case .warming:
            guard let hook = HookRun(.warmUp, of: change.target) else { return leave(next, at: now) }
            return perform(.runHook(hook))
        case .checking:
            // Warmed up, it must be well again from here on, and what has restarted it meanwhile counts.
            let restarts = change.watch?.restarts
            next.watch = change.step == .warming ? Self.watch(change.target, restarts: restarts, at: now) : next.watch
            next.watch = next.watch ?? Self.watch(change.target, restarts: nil, at: now)
            state = .changing(next)
            return perform(.check(change.target.checkRun(after: .zero)))
        case .undraining:
            guard let hook = undrainHook(change.target, change.predecessor) else { return leave(next, at: now) }
            return perform(.runHook(hook))
        case .rearming: return enterRearming(next, at: now)
        case .awaitingCommit: return awaitCommit(next)
        case .guarding: return arm(change, at: now)
        case .judging: return judge(next, at: now)
        case .kept: return keep(next, at: now)
        }
    }

    private mutating func arm(_ change: Change, at now: Moment) -> [Action] {
        perform(.armDeadMan(change.deadline.instant - now.boot.instant, wayBack: wayBack(from: change)))
    }

    private mutating func enterSwitching(_ change: Change, at now: Moment) -> [Action] {
        if let validUntil = change.validUntil, now.wall > validUntil {
            return revert(change, because: Self.expired(validUntil, now.wall), at: now)
        }
        return perform(.switchTo(switchOver(change, beside: change.isBeside ? change.predecessor : nil)))
    }

    /// To the new release; `beside` is the one that runs on meanwhile.
    private func switchOver(_ change: Change, beside: Deployment? = nil) -> Switch {
        Switch(
            from: [change.predecessor, change.stranded],
            to: change.target,
            beside: beside,
            previous: change.purpose == .restart ? previous : change.predecessor?.id,
            foreignUnit: change.adopts.map { .save($0) } ?? .none
        )
    }

    /// What must be whole: the release to come, and the one to go back to.
    private func restorations(_ change: Change) -> [Restoration] {
        var releases = [change.target.id]
        if let predecessor = change.predecessor?.id, predecessor != change.target.id { releases.append(predecessor) }
        return releases.map { Restoration(release: $0, manifest: entry($0.digest)?.manifest) }
    }

    /// The hook that puts the host back into traffic: of what runs, else of whoever took it out.
    func undrainHook(_ running: Deployment?, _ other: Deployment?) -> HookRun? {
        HookRun(.undrain, of: running) ?? (isDrained ? HookRun(.undrain, of: other) : nil)
    }

    /// A release that can't be warmed up is none that works.
    private static func asCheck(_ failure: Failure) -> Failure {
        guard failure.code == .hookFailed else { return failure }
        return Failure(.checkFailed, failure.message, evidence: failure.evidence)
    }

    static func watch(_ deployment: Deployment, restarts: Int?, at now: Moment) -> Watch {
        Watch(startedAt: now.boot.instant, healthyFor: deployment.spec.healthyFor, restarts: restarts)
    }

    /// Nothing was touched yet.
    mutating func refuse(_ change: Change, because failure: Failure) -> [Action] {
        awaited = nil
        state = .idle
        var actions: [Action] = [.disarmDeadMan]
        for waiter in change.waiters { actions += answer(waiter, .refused(failure)) }
        return actions
    }
}

extension Deployment {
    /// One run of what its timer starts.
    var trial: Startup? {
        guard let job, let within = spec.job?.within else { return nil }
        return Startup(unit: job, sockets: [], timeout: within, isTrial: true)
    }

    var startup: Startup? {
        unit.map { Startup(unit: $0, others: others, sockets: sockets, timeout: spec.startTimeout) }
    }

    func checkRun(after pause: TimeSpan) -> CheckRun {
        CheckRun(release: id, unit: unit, others: others, instance: instance, checks: checks, after: pause)
    }
}
