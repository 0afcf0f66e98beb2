package import Model

/// Every decision of one rollout: events in, actions out, nothing else.
///
/// The caller stores the event and the new state before it performs the actions. Late and duplicate events return no
/// actions. A host is known by its index in the plan.
package struct RolloutMachine: Sendable {
    package let id: RolloutID
    package let plan: Plan
    /// What the ledger keeps.
    package internal(set) var state: RolloutState

    // Worked out from plan and state; not stored.
    var sums: Sums
    var queues: [HostQueue] = []
    /// The queue of each host.
    var queueOfHost: [Int] = []
    /// The capacity rules of the places that each host is in.
    var rulesOfHost: [[Int]] = []
    /// By stage: the windows that it gives to places, by the index of the place's rule.
    let stageWindows: [[Int: Int]]
    var actions: [RolloutAction] = []
    /// The hosts whose state differs from what was taken last.
    var unsaved: HostMarks

    /// A rollout that has not begun.
    package init(id: RolloutID, plan: Plan) {
        self.init(id: id, plan: plan, state: RolloutState(plan: plan))
    }

    /// A rollout from the ledger; tell it `resumed` next.
    package init(id: RolloutID, plan: Plan, state: RolloutState) {
        precondition(state.hosts.count == plan.hosts.count, "the state belongs to another plan")
        unsaved = HostMarks(count: plan.hosts.count)
        self.id = id
        self.plan = plan
        self.state = state
        let places = plan.capacity.places
        sums = Sums(places: places.count)
        stageWindows = plan.stages.map { stage in
            let windows = (stage.places ?? []).compactMap { window in
                places.firstIndex { $0.place == window.place }.map { ($0, window.window) }
            }
            return Dictionary(uniqueKeysWithValues: windows)
        }
        for host in plan.hosts {
            let rules = places.indices.filter { places[$0].place.holds(region: host.region, zone: host.zone) }
            rulesOfHost.append(rules)
            if let known = queues.firstIndex(where: { $0.rules == rules && $0.weight == host.weight }) {
                queueOfHost.append(known)
            } else {
                queueOfHost.append(queues.count)
                queues.append(HostQueue(rules: rules, weight: host.weight))
            }
        }
        recount()
    }

    /// Applies `event` and returns what the caller must do now.
    package mutating func handle(_ event: RolloutEvent) -> [RolloutAction] {
        if case .resumed = event.word { shiftClock(to: event.at) }
        state.now = max(state.now, event.at)
        guard !state.phase.isConcluded else { return answerAfterEnd(event.word) }
        switch event.word {
        case .started(let holder, let since): start(holder: holder, since: since)
        case .resumed: recall()
        case .operatorSaid(let word): obey(word)
        case .connected(let host): connect(host)
        case .lost(let host): lose(host)
        case .reported(let host, let facts): report(host, facts)
        case .replied(let host, let sequence, let reply): accept(host, sequence, reply)
        case .effectFailed(let host, let sequence, let failure): accept(host, sequence, .refused(failure))
        case .timerFired(let timer): fire(timer)
        case .asked(let order): asked(order)
        case .orderLapsed(let order): lapse(order)
        case .judged(_, _, let number, let verdict): judged(number, verdict)
        case .opening(let opening): open(opening)
        case .scheduleExpired: expire()
        case .concurrentEnded(let rollout, let outcome): concurrentEnded(rollout, outcome)
        }
        advance()
        defer { actions = [] }
        return actions
    }

    /// What has changed since the last call, for the ledger: its size does not grow with the fleet.
    package mutating func takeChange() -> RolloutChange {
        RolloutChange(head: state.head, hosts: unsaved.takeAll().map { HostChange(host: $0, state: state.hosts[$0]) })
    }

    private func answerAfterEnd(_ word: RolloutEvent.Word) -> [RolloutAction] {
        guard case .operatorSaid = word else { return [] }
        return [.announce(.wordRefused("\(id.label) has ended"))]
    }

    private mutating func start(holder: String, since: WallTime) {
        guard state.phase == .planned else { return }
        state.holder = holder
        state.since = since
        guard isOpen else {
            state.startedAt = state.now
            enter(.scheduled)
            if let closure = state.opening?.closure { actions.append(.announce(.closed(closure))) }
            if !queuedBehind.isEmpty { actions.append(.announce(.queued(behind: queuedBehind))) }
            return
        }
        beginMustering()
    }

    mutating func beginMustering() {
        state.startedAt = state.now
        enter(.mustering)
        state.musterBy = state.now + plan.limits.silence
        actions.append(.startTimer(.muster, plan.limits.silence))
    }

    /// Takes every transition that is due; each either changes the phase or ends the loop.
    private mutating func advance() {
        while step() {}
        tendBake()
        tendGates()
        tendProgress()
        tendStanding()
    }

    private mutating func step() -> Bool {
        switch state.phase {
        case .planned, .concluded: false
        case .scheduled: scheduled()
        case .mustering: muster()
        case .inspecting: inspected()
        case .claiming: claimed()
        case .awaitingApproval(let stage): approved(stage)
        case .preparing: prepared()
        case .migrating: migrating()
        case .rolling(let stage): roll(stage)
        case .baking(let stage): baked(stage)
        case .gating(let stage): gated(stage)
        case .confirming: confirmed()
        case .rollingBack: rollBack()
        case .aborting: aborted()
        case .releasing(let outcome): released(outcome)
        }
    }

    /// Reports once that a paused rollout has come to rest.
    private mutating func tendStanding() {
        guard state.pause != nil, !state.isStanding, sums.moving == 0, sums.awaited == 0 else { return }
        state.isStanding = true
        actions.append(.stand(summary(.paused)))
    }
}
