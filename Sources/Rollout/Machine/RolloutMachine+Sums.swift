import Model

extension RolloutMachine {
    /// Changes one host and keeps the sums and queues true; the only way to change a host.
    mutating func update(_ host: Int, _ change: (inout HostState) -> Void) {
        let old = state.hosts[host]
        change(&state.hosts[host])
        guard state.hosts[host] != old else { return }
        unsaved.insert(host)
        let before = standing(of: old)
        let after = standing(of: state.hosts[host])
        guard before != after else { return }
        count(host, before, sign: -1)
        count(host, after, sign: 1)
        observeCapacity()
    }

    /// Enters a phase; the sums mean something else in each, so they are worked out anew.
    mutating func enter(_ phase: RolloutPhase) {
        state.phase = phase
        recount()
        actions.append(.announce(.phase(phase)))
    }

    mutating func recount() {
        sums = Sums(places: plan.capacity.places.count)
        for queue in queues.indices { queues[queue].empty() }
        for host in state.hosts.indices { count(host, standing(of: state.hosts[host]), sign: 1) }
    }

    /// Remembers the least capacity seen; not while hosts have yet to speak, because that is not their state.
    private mutating func observeCapacity() {
        guard let lowest = state.lowestCapacity, sums.blind == 0, sums.inService < lowest else { return }
        state.lowestCapacity = sums.inService
    }

    private mutating func count(_ host: Int, _ standing: Standing, sign: Int) {
        sums.count(standing, weight: plan.hosts[host].weight, rules: rulesOfHost[host], sign: sign)
        guard let queue = standing.queue else { return }
        if sign > 0 {
            queues[queueOfHost[host]].insert(host, queue)
        } else {
            queues[queueOfHost[host]].remove(host, queue)
        }
    }

    private func standing(of host: HostState) -> Standing {
        var standing = Standing()
        standing.isInService = host.isInService
        // One that was there and is lost gets its time to come back, as one that was never there does.
        let isAwaited = host.link == .unheard || host.link == .connected || host.link == .down && host.reachBy != nil
        standing.isUnheard = isAwaited && host.step != .skipped
        let isUnknown = host.link == .unheard || host.link == .recalled || host.link == .connected
        standing.isBlind = isUnknown && host.step != .skipped
        switch host.step {
        case .moving:
            standing.isMoving = true
            standing.holdsSlot = true
        case .missing:
            standing.holdsSlot = state.phase.movesForward
        case .idle, .claiming, .preparing, .unprepared, .ready, .done, .settled, .back, .failed, .stuck, .skipped:
            break
        }
        switch state.phase {
        case .planned, .scheduled, .mustering, .concluded: break
        case .inspecting, .claiming, .awaitingApproval, .preparing:
            standing.isAwaited = host.step == .claiming || host.step == .preparing
        case .migrating: standing.isAwaited = host.request != nil
        case .rolling(let stage): stand(&standing, rolling: host, stage: stage)
        case .baking(let stage), .gating(let stage):
            standing.isUnwell =
                plan.kind != .remove && host.stage == stage && host.step == .done && host.failure == nil && !host.isWell
        case .rollingBack: stand(&standing, goingBack: host)
        case .aborting: standing.isOpen = standing.isMoving
        case .confirming, .releasing: standing.isAwaited = host.request?.ask.endsRollout ?? false
        }
        return standing
    }

    private func stand(_ standing: inout Standing, rolling host: HostState, stage: Int) {
        guard host.stage == stage else { return }
        switch host.step {
        case .claiming, .preparing, .moving:
            standing.isOpen = true
        case .ready:
            standing.isOpen = true
            standing.isStranded = host.isUnreachable
            standing.isEngaged = host.isEngaged
            guard host.link == .up, !host.isEngaged else { break }
            standing.queue = host.isInService ? .well : .sick
        case .idle, .missing, .unprepared, .done, .settled, .back, .failed, .stuck, .skipped:
            break
        }
    }

    private func stand(_ standing: inout Standing, goingBack host: HostState) {
        switch host.step {
        case .moving:
            standing.isOpen = true
        case .done where mustGoBack(host):
            standing.isOpen = !host.isUnreachable
            standing.isEngaged = host.isEngaged
            guard host.link == .up, !host.isEngaged else { break }
            standing.queue = !host.isInService ? .sick : host.before == .nothing ? .leaving : .well
        case .idle, .claiming, .preparing, .unprepared, .ready, .missing, .done, .settled, .back, .failed, .stuck,
            .skipped:
            break
        }
    }

    /// Whether this rollout has brought another release to the host.
    ///
    /// Hosts take back only what a deployment brought: undoing a rollback or a restart would need an order of its own.
    func mustGoBack(_ host: HostState) -> Bool {
        guard host.step == .done, plan.kind == .deploy, let before = host.before else { return false }
        return before != .release(plan.target)
    }
}

extension RolloutPhase {
    /// Whether hosts may be sent to the target in this phase.
    var movesForward: Bool {
        switch self {
        case .rolling, .baking, .gating, .awaitingApproval(stage: .some): true
        case .planned, .scheduled, .mustering, .inspecting, .claiming, .awaitingApproval(stage: nil), .preparing,
            .migrating,
            .confirming,
            .rollingBack, .aborting, .releasing, .concluded:
            false
        }
    }

    /// Whether a host that is claimed now waits until all are.
    var precedesPreparation: Bool {
        switch self {
        case .claiming, .awaitingApproval: true
        case .planned, .scheduled, .mustering, .inspecting, .preparing, .migrating, .rolling, .baking, .gating,
            .confirming,
            .rollingBack, .aborting, .releasing, .concluded:
            false
        }
    }
}
