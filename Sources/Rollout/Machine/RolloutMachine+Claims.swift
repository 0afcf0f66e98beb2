import Model

extension RolloutMachine {
    func name(_ host: Int) -> String { plan.hosts[host].id.text }

    func names(_ hosts: [Int]) -> String { hosts.map(name).joined(separator: ", ") }

    /// Looks at the whole fleet once every host was heard of, or the time for it is over.
    mutating func muster() -> Bool {
        guard state.pause == nil, sums.unheard == 0, !waitsForAbsent() else { return false }
        if state.musterBy != nil {
            state.musterBy = nil
            actions.append(.cancelTimer(.muster))
        }
        state.capacityAtStart = sums.inService
        state.placesAtStart = sums.places.map(\.inService)
        state.lowestCapacity = sums.inService
        let held = state.hosts.indices.filter { state.hosts[$0].facts.held != nil && state.hosts[$0].step == .idle }
        guard held.isEmpty else { return refuseHeld(held) }
        let drifted = state.hosts.indices.filter { isInTheWay(state.hosts[$0]) }
        guard drifted.isEmpty else { return refuseDrifted(drifted) }
        guard !isNothingToDo else { return finishUntouched() }
        if let isOver = stopForAbsence() { return isOver }
        enter(.inspecting)
        for host in state.hosts.indices { admit(host) }
        return true
    }

    private mutating func refuseHeld(_ held: [Int]) -> Bool {
        for host in held {
            update(host) { $0.failure = Failure(.held, "held: \($0.facts.held ?? "")") }
        }
        state.verdict = "\(names(held)) held by a person; release with `fleet host unhold`, or leave out with --skip"
        enter(.releasing(.refused))
        return true
    }

    /// Whether a host has drifted, and nobody has said that this is to be repaired; a way back is never kept waiting.
    private func isInTheWay(_ host: HostState) -> Bool {
        guard plan.drift != .repair, plan.kind != .rollback, plan.kind != .remove else { return false }
        return host.link == .up && host.step == .idle && host.facts.hasDrifted
    }

    private mutating func refuseDrifted(_ drifted: [Int]) -> Bool {
        for host in drifted {
            update(host) { $0.failure = Failure(.drifted, ($0.facts.drift ?? []).joined(separator: "; ")) }
        }
        let first = drifted.first.flatMap { state.hosts[$0].facts.drift?.first } ?? ""
        let place = "\(plan.service) --env \(plan.environment)"
        state.verdict =
            "not as released: \(names(drifted)) (\(first)); `fleet restart \(place) --repair-drift` brings back what was "
            + "released, --repair-drift here does so on the way"
        enter(.releasing(.refused))
        return true
    }

    /// Whether every host of the plan runs the target already, confirmed.
    private var isNothingToDo: Bool {
        switch plan.kind {
        case .restart where plan.drift != .repair: return false
        case .remove: return state.hosts.allSatisfy { $0.link == .up && $0.facts.current == nil }
        case .deploy, .rollback, .restart: break
        }
        return state.hosts.allSatisfy {
            $0.link == .up && !$0.facts.hasDrifted && $0.facts.current == plan.target && $0.facts.isConfirmed
                && $0.facts.health.isHealthy
        }
    }

    private mutating func finishUntouched() -> Bool {
        for host in state.hosts.indices { update(host) { $0.step = .settled } }
        actions.append(.announce(.nothingToDo))
        enter(.releasing(outcomeAtEnd))
        return true
    }

    /// Takes a host into the claim at the point where the rollout is; one that comes late joins later.
    ///
    /// A host that came back meanwhile may answer what it was asked before it reports: then it is there to be claimed.
    mutating func admit(_ host: Int) {
        let found = state.hosts[host]
        let isThere = found.link == .up || found.isConnected && found.isInspected && state.phase == .claiming
        guard found.step == .idle, isThere else { return }
        switch state.phase {
        case .inspecting:
            guard !state.hosts[host].isInspected else { return }
            update(host) { $0.step = .claiming }
            ask(host, .inspectClaim, within: plan.limits.silence * 2)
        case .claiming, .awaitingApproval(stage: nil):
            guard !state.hosts[host].isClaimed else { return }
            askForClaim(host)
        case .preparing, .migrating:
            askForClaim(host)
        case .rolling(let stage), .baking(let stage), .gating(let stage), .awaitingApproval(let stage?):
            let isOver = state.phase == .baking(stage: stage) || state.phase == .gating(stage: stage)
            update(host) { $0.stage = max($0.stage, isOver ? stage + 1 : stage) }
            askForClaim(host)
        case .planned, .scheduled, .mustering, .confirming, .rollingBack, .aborting, .releasing, .concluded: break
        }
    }

    mutating func askForClaim(_ host: Int) {
        update(host) { $0.step = .claiming }
        let claim = Claim(
            service: plan.service,
            environment: plan.environment,
            rollout: id,
            epoch: state.epoch,
            holder: state.holder,
            since: state.since
        )
        ask(host, .claim(claim), within: plan.limits.silence * 2)
    }

    mutating func acceptInspection(_ host: Int, _ reply: HostReply) {
        update(host) {
            $0.step = .idle
            $0.isInspected = true
        }
        switch reply {
        case .claimState(let highest, let claim):
            state.epoch = max(state.epoch, highest)
            // A claim of our own past is on a host that was away when it was given back.
            if let claim, claim.rollout != id, !id.succeeds(claim.rollout) {
                state.verdict =
                    "\(name(host)) is held by \(claim.rollout.label) of \(claim.holder) since \(claim.since)"
            }
        case .refused(let failure):
            state.verdict = "\(name(host)): \(failure.message)"
        case .claimed, .released, .prepared, .migrated, .awaitingCommit, .committed, .reverted, .stuck, .discarded,
            .confirmed:
            break
        }
    }

    mutating func inspected() -> Bool {
        guard sums.awaited == 0 else { return false }
        guard state.verdict == nil else {
            giveBack(.refused)
            return true
        }
        state.epoch = state.epoch.next
        enter(.claiming)
        for host in state.hosts.indices { admit(host) }
        return true
    }

    mutating func acceptClaim(_ host: Int, _ reply: HostReply) {
        switch reply {
        case .claimed:
            update(host) { $0.isClaimed = true }
            if state.phase.precedesPreparation || hasLapsedOrder {
                update(host) { $0.step = .idle }
            } else {
                prepare(host)
            }
        case .refused(let failure):
            update(host) {
                $0.step = .unprepared
                $0.failure = failure
            }
            if state.phase == .claiming { state.verdict = "\(name(host)): \(failure.message)" }
        case .claimState, .released, .prepared, .migrated, .awaitingCommit, .committed, .reverted, .stuck, .discarded,
            .confirmed:
            update(host) { $0.step = .idle }
        }
    }

    mutating func claimed() -> Bool {
        guard sums.awaited == 0 else { return false }
        guard state.verdict == nil else {
            giveBack(.refused)
            return true
        }
        if needsApproval {
            ask(resuming: nil)
        } else {
            enterPreparing()
        }
        return true
    }

    mutating func enterPreparing() {
        enter(.preparing)
        for host in state.hosts.indices where state.hosts[host].isClaimed && state.hosts[host].step.mayBePrepared {
            prepare(host)
        }
    }

    /// Brings the release to a host's disk, where that is still to be done.
    mutating func prepare(_ host: Int) {
        let facts = state.hosts[host].facts
        let hasTarget = facts.current == plan.target
        if plan.drift == .repair, hasTarget, !facts.hasDrifted, facts.health.isHealthy {
            update(host) { $0.step = .settled }
            return
        }
        switch plan.kind {
        case .remove:
            update(host) { $0.step = facts.current == nil ? .settled : .ready }
            return
        case .deploy, .rollback:
            if hasTarget, facts.health.isHealthy, !facts.hasDrifted {
                update(host) { $0.step = .settled }
                return
            }
        case .restart:
            guard hasTarget else {
                let found = facts.current.map(\.description) ?? "nothing"
                refuseToPrepare(host, Failure(.orderRefused, "runs \(found); a restart changes no release"))
                return
            }
        }
        guard plan.release != nil else {
            update(host) { $0.step = .ready }
            return
        }
        update(host) { $0.step = .preparing }
        ask(host, .prepare(plan.target), within: plan.limits.prepareTimeout)
    }

    mutating func acceptPreparation(_ host: Int, _ reply: HostReply) {
        switch reply {
        case .prepared: update(host) { $0.step = .ready }
        case .refused(let failure), .stuck(let failure), .reverted(_, let failure): refuseToPrepare(host, failure)
        case .claimState, .claimed, .released, .migrated, .awaitingCommit, .committed, .discarded, .confirmed:
            refuseToPrepare(host, Failure(.internalError, "answered 'prepare' with \(reply)"))
        }
    }

    /// Nothing was changed on the host; one that joined late stays out, the others count at the end of the phase.
    ///
    /// Of hosts that were away each has a fate of its own: one that can't take the release keeps no other from it.
    mutating func refuseToPrepare(_ host: Int, _ failure: Failure) {
        update(host) { $0.step = .unprepared }
        if state.phase == .preparing, !isForReturned {
            fail(host, failure)
        } else {
            update(host) { $0.failure = failure }
        }
    }

    mutating func prepared() -> Bool {
        guard state.pause == nil, sums.awaited == 0 else { return false }
        guard !hasLapsedOrder else {
            ask(resuming: nil)
            return true
        }
        guard state.failures - state.accepted <= plan.limits.failureBudget else {
            let hosts = state.hosts.indices.filter { state.hosts[$0].failure != nil }
            let first = hosts.first.flatMap { state.hosts[$0].failure?.message } ?? ""
            state.verdict = "nothing was changed: \(names(hosts)) could not prepare: \(first)"
            giveBack(.refused)
            return true
        }
        guard isOpen else { return false }
        if let isOver = stopForAbsence() { return isOver }
        guard !mustMigrate else {
            enter(.migrating)
            return true
        }
        enterStage(0)
        return true
    }
}
