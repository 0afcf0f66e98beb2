import Model

extension RolloutMachine {
    mutating func enterStage(_ stage: Int) {
        guard stage < plan.stages.count else {
            return enterConfirming()
        }
        if isCanary(stage) { chooseCanaries(stage) }
        enter(.rolling(stage: stage))
    }

    /// Asks every host to confirm its release, which is the last time that each is read back.
    ///
    /// Only a rollout that succeeds confirms; what brings no release has none to confirm.
    private mutating func enterConfirming() {
        enter(.confirming)
        switch plan.kind {
        case .restart, .remove: return
        case .deploy, .rollback: break
        }
        guard outcomeAtEnd == .succeeded else { return }
        for host in state.hosts.indices {
            ask(host, .confirm(release: plan.target.digest), within: plan.limits.silence * 2)
        }
    }

    mutating func acceptConfirmation(_ host: Int, _ reply: HostReply) {
        switch reply {
        case .confirmed: break
        case .refused(let failure), .stuck(let failure), .reverted(_, let failure):
            update(host) { $0.failure = failure }
        case .claimState, .claimed, .released, .prepared, .migrated, .awaitingCommit, .committed, .discarded:
            update(host) { $0.failure = Failure(.internalError, "answered 'confirm' with \(reply)") }
        }
    }

    var outcomeAtEnd: Outcome {
        let isComplete = state.hosts.allSatisfy {
            ($0.step == .done || $0.step == .settled) && $0.failure == nil && !$0.isUnreachable
        }
        return isComplete && plan.skipped.isEmpty ? .succeeded : .incomplete
    }

    mutating func roll(_ stage: Int) -> Bool {
        guard state.pause == nil else { return false }
        if hasLapsedOrder {
            guard sums.moving == 0, !isPreparing else { return false }
            if hasHostsToCome {
                ask(resuming: stage)
                return true
            }
        }
        startHosts(window: plan.stages[stage].window)
        guard sums.open > 0 else {
            if lacksCanary(stage) {
                if callStandIn(stage) { return true }
                if !areCanariesLeftOut(stage) { return seekCanary(stage) }
            }
            startBake(stage)
            return true
        }
        return sums.open == sums.stranded && failStranded(stage)
    }

    /// The turn of hosts that can't be reached has come: each counts as failed, or is left out if that was accepted.
    private mutating func failStranded(_ stage: Int) -> Bool {
        for host in state.hosts.indices where state.hosts[host].stage == stage && state.hosts[host].step == .ready {
            if areAbsencesAccepted {
                update(host) { $0.step = .idle }
            } else {
                update(host) { $0.step = .failed }
                fail(host, Failure(.unreachable, "could not be reached when its turn came"))
            }
        }
        return true
    }

    /// Lets hosts leave as long as window and floor allow.
    func startable(window: Int) -> Int? {
        guard sums.inFlight < window else { return nil }
        var sick: Int?
        var well: Int?
        for queue in queues where haveSlot(queue.rules) {
            if let host = queue.sick.first, host < sick ?? .max { sick = host }
            if let host = queue.well.first, host < well ?? .max, mayLeave(queue.weight, queue.rules, forGood: false) {
                well = host
            }
            if let host = queue.leaving.first, host < well ?? .max, mayLeave(queue.weight, queue.rules, forGood: true) {
                well = host
            }
        }
        return sick ?? well
    }

    mutating func startHosts(window: Int) {
        while let host = startable(window: window) {
            precondition(sums.inFlight < window, "the window is full")
            if state.hosts[host].isInService {
                let forGood = state.phase == .rollingBack && state.hosts[host].before == .nothing
                precondition(
                    sums.inService - plan.hosts[host].weight >= floor(forGood: forGood),
                    "a host in service may leave only if the floor stays"
                )
            }
            start(host)
        }
    }

    private var rollingStage: Int? { if case .rolling(let stage) = state.phase { stage } else { nil } }

    /// Whether no place of a host has its window full.
    private func haveSlot(_ rules: [Int]) -> Bool {
        let stage = rollingStage.map { stageWindows[$0] }
        return rules.allSatisfy { rule in
            let inFlight = sums.places[rule].inFlight
            return inFlight < plan.capacity.places[rule].window ?? .max && inFlight < stage?[rule] ?? .max
        }
    }

    /// The capacity rule; a host that leaves `forGood` goes back to nothing.
    private func mayLeave(_ weight: Int, _ rules: [Int], forGood: Bool) -> Bool {
        guard sums.inService - weight >= floor(forGood: forGood) else { return false }
        return rules.allSatisfy { sums.places[$0].inService - weight >= floor(ofPlace: $0, forGood: forGood) }
    }

    /// What must stay in service; a first deployment that is taken back leaves what was there before it.
    private func floor(forGood: Bool) -> Int { forGood ? min(floor, state.capacityAtStart) : floor }

    /// What must stay in service now, by the plan or by the stage under way.
    var floor: Int {
        lowered(plan.capacity.floor(raisedTo: stage.flatMap { plan.stages[$0].floor }))
    }

    /// A floor of the plan, or less if an operator has said so.
    func lowered(_ floor: Int) -> Int { min(state.floor ?? floor, floor) }

    /// The highest floor that the plan has anywhere.
    var highestFloor: Int { plan.capacity.floor(raisedTo: plan.stages.compactMap(\.floor).max()) }

    private func floor(ofPlace rule: Int, forGood: Bool) -> Int {
        let floor = plan.capacity.places[rule].floor
        return forGood ? min(floor, state.placesAtStart[rule]) : floor
    }

    private mutating func start(_ host: Int) {
        let now = state.now
        update(host) {
            $0.startedAt = $0.startedAt ?? now
            $0.attempts += 1
        }
        let sequence = state.sequence + 1
        if plan.kind == .remove { return remove(host, sequence) }
        guard state.phase == .rollingBack else {
            let isSame = state.hosts[host].facts.current == plan.target
            let isInService = state.hosts[host].isInService
            update(host) {
                $0.wasInService = $0.wasInService ?? isInService
                $0.before = $0.before ?? ($0.facts.current.map { .release($0) } ?? .nothing)
                $0.step = .moving(Move(.forward, .activating, activation: sequence))
            }
            actions.append(.announce(.hostStarted(host: host, to: plan.target)))
            activate(host, plan.target, isSame ? .restart : (plan.kind == .rollback ? .rollback : .deploy))
            return
        }
        let before = state.hosts[host].before?.release
        actions.append(.announce(.hostStarted(host: host, to: before)))
        if let before {
            update(host) { $0.step = .moving(Move(.back, .activating, activation: sequence)) }
            activate(host, before, .rollback)
        } else {
            update(host) { $0.step = .moving(Move(.back, .reverting, activation: sequence)) }
            let reason = state.verdict ?? "taken back"
            ask(host, .revert(release: plan.target.digest, reason: reason), within: answerTimeout)
        }
    }

    /// Takes the service off a host, which is its end there: nothing of it is committed, and nothing is a way back.
    private mutating func remove(_ host: Int, _ sequence: Int64) {
        guard let release = state.hosts[host].facts.current else { return update(host) { $0.step = .settled } }
        let isInService = state.hosts[host].isInService
        update(host) {
            $0.wasInService = $0.wasInService ?? isInService
            $0.before = $0.before ?? .release(release)
            $0.step = .moving(Move(.forward, .reverting, activation: sequence))
        }
        actions.append(.announce(.hostStarted(host: host, to: nil)))
        ask(host, .remove(release: release.digest, reason: plan.reason ?? "removed"), within: answerTimeout)
    }

    private mutating func activate(_ host: Int, _ release: ReleaseID, _ purpose: Purpose) {
        let order = ActivateOrder(
            release: release,
            purpose: purpose,
            activateWithin: plan.limits.activateTimeout,
            commitWithin: plan.limits.commitWithin,
            onCommitMissing: plan.onCommitMissing,
            drift: plan.drift,
            traffic: plan.traffic
        )
        ask(host, .activate(order), within: answerTimeout)
    }

    /// The host reverts by itself in time; the silence limit is for its answer to travel.
    var answerTimeout: TimeSpan { plan.limits.activateTimeout + plan.limits.silence }

    // MARK: Bake

    private mutating func startBake(_ stage: Int) {
        enter(.baking(stage: stage))
        let hasChanged = state.hosts.contains { $0.stage == stage && $0.before != nil }
        state.bake = RolloutState.Bake(remaining: hasChanged ? plan.stages[stage].bake : .zero)
        for host in state.hosts.indices
        where state.hosts[host].stage == stage && state.hosts[host].step == .done && state.hosts[host].isUnreachable {
            fail(host, Failure(.unreachable, "was lost after its update"))
        }
    }

    mutating func baked(_ stage: Int) -> Bool {
        guard state.pause == nil, sums.unwell == 0, isBaked, !(isThrough && isHeld(after: stage)) else { return false }
        state.bake = nil
        enterGates(stage)
        return true
    }

    /// Whether the present stage has stayed healthy for its time.
    private var isBaked: Bool { state.bake.map { $0.remaining <= .zero } ?? false }

    /// Whether the present stage has shown all that it must, so that only the calendar may hold the next one.
    var isThrough: Bool {
        switch state.phase {
        case .baking(let stage): isBaked && (plan.stages[stage].gates ?? []).isEmpty
        case .gating(let stage): gates(of: stage).allSatisfy { gate($0).step.isPassed }
        case .planned, .scheduled, .mustering, .inspecting, .claiming, .awaitingApproval, .preparing, .migrating,
            .rolling,
            .confirming, .rollingBack, .aborting, .releasing, .concluded:
            false
        }
    }

    /// Whether the stage after this one may not begin now; the end of a rollout waits for no calendar.
    func isHeld(after stage: Int) -> Bool { stage + 1 < plan.stages.count && !isOpen }

    mutating func confirmed() -> Bool {
        guard sums.awaited == 0 else { return false }
        giveBack(outcomeAtEnd)
        return true
    }

    /// Lets the bake's clock run while all is well, and only then.
    mutating func tendBake() {
        guard var bake = state.bake else { return }
        guard case .baking = state.phase else {
            state.bake = nil
            actions.append(.cancelTimer(.bake))
            return
        }
        let mayRun = state.pause == nil && sums.unwell == 0 && bake.remaining > .zero
        switch (bake.runningSince, mayRun) {
        case (nil, true):
            bake.runningSince = state.now
            startSlice(&bake)
        case (.some, false):
            bake.remaining = bake.left(at: state.now)
            bake.runningSince = nil
            bake.sliceEnds = nil
            actions.append(.cancelTimer(.bake))
        case (nil, false), (.some, true):
            break
        }
        state.bake = bake
    }

    /// Persists what has passed: each slice ends in an event, so a crash costs at most one slice.
    mutating func endSlice() {
        guard var bake = state.bake, let end = bake.sliceEnds, state.now >= end else { return }
        bake.remaining = bake.left(at: state.now)
        bake.runningSince = state.now
        if bake.remaining > .zero { startSlice(&bake) }
        state.bake = bake
    }

    private mutating func startSlice(_ bake: inout RolloutState.Bake) {
        let slice = min(bake.remaining, .seconds(30))
        bake.sliceEnds = state.now + slice
        actions.append(.startTimer(.bake, slice))
    }
}
