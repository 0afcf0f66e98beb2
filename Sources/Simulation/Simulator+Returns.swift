import Activation
import Model
import Rollout

/// What happens when everything is over: hosts that were away are back, and are brought to where the others are.
extension Simulator {
    /// How often hosts are brought back before the world is judged: each time costs one of them an attempt.
    private var mostRounds: Int { hosts.count * Arrears.mostAttempts + 1 }

    /// Runs to the end, and then brings back who is behind, as a coordinator does by itself.
    package mutating func runWithReturns() -> SimulationReport {
        let first = run()
        guard violations.isEmpty else { return first }
        pass(until: max(now, scenario.tempo.faultsEnd) + 120_000)
        var last: Int?
        for _ in 0..<mostRounds {
            guard violations.isEmpty, let number = bringBack() else { break }
            last = number
            let limit = now + scenario.tempo.horizon
            while violations.isEmpty, coordinators[number].summary == nil, let (time, happening) = agenda.next() {
                guard time < limit else { break }
                now = time
                perform(happening)
            }
            if coordinators[number].summary == nil {
                let why = coordinators[number].machine.view.why
                violations.append("invariant 15: R\(number) for returned hosts has not ended: \(why)")
            }
            pass(until: now + 120_000)
        }
        judgeReturns()
        return report(last.flatMap { coordinators[$0].summary })
    }

    private mutating func pass(until end: Int64) {
        while violations.isEmpty, now < end, let (time, happening) = agenda.next() {
            now = time
            perform(happening)
        }
    }

    // MARK: What the ledger knows

    /// All rollouts of the first ledger, the newest first; before them all hosts ran the release before.
    private var past: [PastRollout] {
        let ours = coordinators.filter { $0.machine.id.ledger == coordinators[0].machine.id.ledger }
        var past = ours.reversed().compactMap { coordinator -> PastRollout? in
            guard let summary = coordinator.summary else { return nil }
            let machine = coordinator.machine
            let at = WallTime(milliseconds: now)
            var past = PastRollout(id: machine.id, plan: machine.plan, summary: summary, endedAt: at)
            if machine.plan.approvals > 0, machine.standingOrder != nil { past.order = standing(coordinator.number) }
            return past
        }
        if let before = scenario.plan.previous { past.append(beginning(before)) }
        return past
    }

    private func beginning(_ release: ReleaseID) -> PastRollout {
        var plan = scenario.plan
        plan.kind = .deploy
        plan.target = release
        plan.previous = nil
        plan.approvals = 0
        let summary = RolloutSummary(
            outcome: .succeeded,
            headline: "",
            advice: nil,
            hosts: plan.hosts.map { HostResult(host: $0.id, result: .updated, release: release) },
            capacity: SummaryCapacity(total: plan.capacity.total, floor: 0, atStart: 0, lowest: 0),
            took: .zero
        )
        let id = RolloutID(ledger: coordinators[0].machine.id.ledger, number: 0)
        return PastRollout(id: id, plan: plan, summary: summary, endedAt: WallTime(milliseconds: 0))
    }

    private func arrears() -> [Arrears?] {
        let convergence = convergence
        return hosts.indices.map { convergence.arrears(of: scenario.plan.hosts[$0].id, word($0)) }
    }

    private var convergence: Convergence {
        Convergence(past, approvals: scenario.plan.approvals, at: WallTime(milliseconds: now))
    }

    private func word(_ host: Int) -> Convergence.Word {
        hosts[host].isAwake && hosts[host].isReachable ? .report(hosts[host].machine.report) : .nothing
    }

    // MARK: Bringing them back

    /// Begins a rollout for hosts that can be brought by the same leave; nil when there are none.
    private mutating func bringBack() -> Int? {
        let found = arrears()
        guard let goal = convergence.goal,
            let remedy = found.lazy.compactMap({ $0 }).first(where: \.mayReturnByItself)?.remedy
        else { return nil }
        let chosen = hosts.indices.filter { found[$0]?.mayReturnByItself == true && found[$0]?.remedy == remedy }
        let number = coordinators.count
        let plan = plan(to: goal, for: chosen, by: remedy)
        check(plan, chosen)
        coordinators.append(SimulatedCoordinator(number, plan, in: coordinators[0].machine.id.ledger))
        start(number)
        for host in hosts.indices where !chosen.contains(host) {
            guard found[host] != nil || word(host) == .nothing || hosts[host].facts.held != nil else { continue }
            tell(number, 0, .operatorSaid(.skip(host: host, reason: "has its own turn")))
        }
        return number
    }

    private func plan(to goal: ReleaseID, for chosen: [Int], by remedy: Arrears.Remedy) -> Plan {
        var plan = scenario.plan
        plan.kind = remedy == .wayBack ? .rollback : .deploy
        plan.target = goal
        plan.release = Scenario.release(goal)
        plan.approvals = 0
        plan.limits.approveWithin = nil
        (plan.calendar, plan.schedule, plan.offline) = (nil, nil, nil)
        plan.onFailure = plan.kind == .deploy ? .rollback : .pause
        plan.returned = chosen.map { plan.hosts[$0].id }
        // Others have proved the release, so a plan for them has no gates.
        plan.gates = nil
        for stage in plan.stages.indices { plan.stages[stage].gates = nil }
        if case .order(let rollout) = remedy { plan.catchUp = StandingOrder(rollout: rollout, order: goal.digest) }
        if plan.kind == .rollback {
            let everyone = Array(plan.hosts.indices)
            plan.stages = [PlannedStage(name: "all", hosts: everyone, window: plan.capacity.window, bake: .zero)]
        }
        return plan
    }

    private mutating func check(_ plan: Plan, _ chosen: [Int]) {
        let condemned = coordinators.contains { $0.summary?.against != nil && $0.machine.plan.target == plan.target }
        let isKept = coordinators.contains {
            $0.summary?.outcome == .succeeded && $0.machine.plan.target == plan.target
        }
        if condemned, !isKept, plan.target != scenario.plan.previous {
            violations.append(
                "invariant 17: \(plan.target) was taken back on its own evidence, and hosts are brought to it"
            )
        }
        for host in chosen where hosts[host].facts.held != nil {
            violations.append("invariant 18: h\(host) is held, and is brought to \(plan.target)")
        }
    }

    /// Nobody who can be brought is left where they were.
    private mutating func judgeReturns() {
        guard violations.isEmpty else { return }
        let goal = convergence.goal
        for (host, found) in arrears().enumerated() {
            guard let found, found.mayReturnByItself else { continue }
            let name = goal?.description ?? "nothing"
            violations.append("invariant 18: h\(host) is \(found.state) and not brought to \(name): \(found)")
        }
    }

    /// The order of an earlier rollout, as its ledger keeps it.
    func standing(_ number: Int) -> Order {
        let coordinator = coordinators[number]
        let plan = coordinator.machine.plan
        var order = Order(
            plan: plan.target.digest,
            release: plan.target.digest,
            service: plan.service,
            environment: plan.environment,
            hosts: plan.hosts.map(\.id),
            epoch: coordinator.orderEpoch,
            rollout: coordinator.machine.id,
            requester: OperatorName(validated: "alice"),
            startBy: WallTime(milliseconds: Self.start) + .minutes(15),
            validUntil: WallTime(milliseconds: Self.start) + scenario.validFor,
            catchUpUntil: WallTime(milliseconds: Self.start) + .days(7)
        )
        let granted = coordinator.machine.grantedOrder
        if let asked = coordinator.orders.last(where: { $0.digest == granted }) {
            order.startBy = asked.approveBy + .minutes(15)
            order.validUntil = asked.validUntil
            order.catchUpUntil = order.startBy + .days(7)
        }
        return order
    }
}
