import Model

extension ServiceMachine {
    /// Decides how to go on after the agent, or the host, was started anew; every result of an earlier effect is void.
    package mutating func recover(_ facts: DiskFacts, at now: Moment) -> [Action] {
        let (before, ended) = (operation, last)
        let isNewBoot = boot != nil && boot != now.boot.bootID
        guard facts.stage == .running || isInFlight || distress != nil else { return [] }
        boot = now.boot.bootID
        generation += 1
        awaited = nil
        health = .unknown
        adopt(facts)
        let actions = condemned.map(Action.delete) + resume(facts, isNewBoot: isNewBoot, at: now)
        let lease = isNewBoot ? renewClaim(at: now) : [.wake(after: leaseLeft(at: now))]
        return actions + lease + announcement(since: before, ended)
    }

    private func leaseLeft(at now: Moment) -> TimeSpan {
        max(.zero, (holding?.expiry.instant ?? now.boot.instant) - now.boot.instant)
    }

    private mutating func resume(_ facts: DiskFacts, isNewBoot: Bool, at now: Moment) -> [Action] {
        switch state {
        case .preparing(let preparation):
            return dropPreparation(preparation) + (resumeDistress(facts, isNewBoot: isNewBoot, at: now) ?? [])
        case .migrating(let migrating):
            return interrupt(migrating, because: isNewBoot ? "the host was restarted" : "the agent ended")
                + (resumeDistress(facts, isNewBoot: isNewBoot, at: now) ?? [])
        case .changing(let change): return resume(change, facts, isNewBoot: isNewBoot, at: now)
        case .reverting(var change, var reversal):
            // Nothing that ran before the boot is there to go on.
            if isNewBoot { change = change.stopped }
            reversal.deadline = now.boot + change.activateWithin
            reversal.watch = nil
            if isNewBoot { reversal.isShallow = false }
            if facts.stage == .earlyBoot { return turnBackEarly(change, reversal) }
            // What was done may be gone with the boot; each step is harmless when repeated.
            let goesOn = reversal.isEarly && reversal.step != .switching
            let step = goesOn ? reversal.step : reversal.isShallow ? .undraining : .arming
            reversal.isEarly = false
            if let next = goOnReplacing(change, reversal, facts, at: now) { return next }
            return [.wake(after: change.activateWithin)] + enter(step, change, reversal, at: now)
        case .idle, .prepared:
            if let rescue = resumeDistress(facts, isNewBoot: isNewBoot, at: now) { return rescue }
            // Whoever ended the change may have died before it stopped the timer; none outlives a boot.
            return isNewBoot || facts.stage == .earlyBoot ? [] : [.disarmDeadMan]
        }
    }

    /// What was stuck on its way back is taken back by the next boot, whatever was being prepared since; nil where nothing is.
    private mutating func resumeDistress(_ facts: DiskFacts, isNewBoot: Bool, at now: Moment) -> [Action]? {
        guard isNewBoot, var change = distress else { return nil }
        change.waiters = []
        return takeBack(change, facts.stage, because: distressFailure ?? Self.rebootFailure, at: now)
    }

    private mutating func resume(
        _ change: Change,
        _ facts: DiskFacts,
        isNewBoot: Bool,
        at now: Moment
    ) -> [Action] {
        // The unit that decides before others start was started again by hand: the agent that runs decides.
        // What stays without its commit was decided before, and nobody has decided otherwise since.
        guard isNewBoot || facts.stage == .running, change.step != .kept else { return [] }
        let left = change.deadline.instant - now.boot.instant
        let failure: Failure? =
            if isNewBoot { Self.rebootFailure } else if left <= .zero, !change.mayStay { change.overdue } else {
                facts.failedStart ?? mismatch(change, facts)
            }
        guard let failure else {
            guard left > .zero else { return decide(change, at: now) }
            guard change.step != .awaitingCommit else { return [.wake(after: left)] }
            var next = change
            next.watch = nil
            return [.wake(after: left)] + enter(resumption(of: change.step), next, at: now)
        }
        // Whatever ran has gone with a boot, so that not even a drained service is still there.
        return isNewBoot
            ? takeBack(change, facts.stage, because: failure, at: now) : revert(change, because: failure, at: now)
    }

    /// What shows that the release which the journal speaks of is not what is there.
    private func mismatch(_ change: Change, _ facts: DiskFacts) -> Failure? {
        switch change.step {
        case .answering, .warming, .checking, .undraining, .readmitting, .unlinking, .rearming, .awaitingCommit,
            .guarding,
            .judging:
            break
        case .diverting where change.isBeside, .draining where change.isBeside, .idling where change.isBeside,
            .stopping where change.isBeside:
            break
        case .arming, .probing, .surveying, .hiding, .closing, .diverting, .draining, .idling, .stopping, .restoring,
            .switching, .trying, .starting, .reloading, .kept:
            return nil
        }
        guard facts.current == change.target.id else {
            let found = facts.current?.description ?? "nothing"
            return Failure(.internalError, "current names \(found), the journal says \(change.target.id)")
        }
        guard let name = change.target.unit else { return nil }
        if isWithin { return Failure(.unitUnstable, "\(name) was started again before its release was committed") }
        guard let unit = facts.unit, unit.active != "failed", unit.active != "inactive" else {
            return Failure(.unitUnstable, "\(name) is not running after the agent's restart")
        }
        return nil
    }

    /// A reboot was noticed outside of `recover`.
    mutating func rebooted(at now: Moment) -> [Action] {
        generation += 1
        awaited = nil
        let lease = renewClaim(at: now)
        switch state {
        case .preparing(let preparation): return lease + dropPreparation(preparation)
        case .migrating(let migrating): return lease + interrupt(migrating, because: "the host was restarted")
        case .changing(let change) where change.step == .kept: return lease
        case .changing(let change): return lease + takeBack(change, .running, because: Self.rebootFailure, at: now)
        case .reverting(let change, let reversal):
            return lease + takeBack(change, .running, because: reversal.failure, at: now)
        case .idle, .prepared: return lease
        }
    }

    /// Takes a change back whole after a boot, or as much of it as can be done before units may start.
    private mutating func takeBack(
        _ change: Change,
        _ stage: DiskFacts.Stage,
        because failure: Failure,
        at now: Moment
    ) -> [Action] {
        let reversal = Reversal(
            failure: failure,
            isShallow: false,
            step: .arming,
            attempt: 1,
            deadline: now.boot + change.activateWithin
        )
        let wake = Action.wake(after: change.activateWithin)
        // Nothing that ran before the boot is there to be reloaded, or to go on.
        let change = change.stopped
        switch stage {
        case .earlyBoot: return [wake] + turnBackEarly(change, reversal)
        case .running: return [wake] + enter(.arming, change, reversal, at: now)
        }
    }

    /// Before units may start: links and unit files go back, the rest waits for the agent.
    private mutating func turnBackEarly(_ change: Change, _ reversal: Reversal) -> [Action] {
        var next = reversal
        next.step = .switching
        next.isEarly = true
        state = .reverting(change, next)
        return perform(.switchTo(switchBack(change)))
    }

    /// Whether all is done that may be done before units start; the agent goes on with it once it runs.
    package var isTurnedBackEarly: Bool {
        guard case .reverting(_, let reversal) = state else { return false }
        return reversal.isEarly && reversal.step != .switching
    }

    /// Whether nothing that was asked for is under way.
    package var awaitsNothing: Bool { awaited == nil }

    /// Staging is thrown away and nobody is answered: the requester repeats its request, which starts it anew.
    private mutating func dropPreparation(_ preparation: Preparation) -> [Action] {
        awaited = nil
        state = .idle
        switch preparation.requester {
        case .command(let id): log.forget(id)
        case .local: break
        }
        return preparation.isInstalled ? [] : [.discardStaging(preparation.id)]
    }

    /// Takes in what a lost or older journal does not know; drops what is no longer there.
    private mutating func adopt(_ facts: DiskFacts) {
        linked = facts.current
        drift = []
        let isFresh = catalog.isEmpty && current == nil
        if isFresh, let found = facts.current, facts.releases.contains(where: { $0.installed.id == found }) {
            catalog = facts.releases.map {
                CatalogEntry(
                    installed: $0.installed,
                    spec: $0.spec,
                    wasHealthy: $0.installed.since != nil,
                    startup: $0.startup
                )
            }
            current = found
            instance = facts.instance
            previous = facts.previous
        }
        let present = Set(facts.releases.map(\.installed.id.digest))
        let needed = pinned
        catalog.removeAll { !present.contains($0.installed.id.digest) && !needed.contains($0.installed.id) }
        for lost in needed where !present.contains(lost.digest) { drift.append("the tree of \(lost) is missing") }
        guard !isInFlight, distress == nil, facts.current != current else { return }
        drift.append(Self.linkDrift(found: facts.current, expected: current))
    }

    static func linkDrift(found: ReleaseID?, expected: ReleaseID?) -> String {
        "current names \(found?.description ?? "nothing"), expected \(expected?.description ?? "nothing")"
    }

    private static let rebootFailure = Failure(.rebooted, "the host was restarted before the release was committed")
}
