import Model

extension RolloutMachine {
    /// The picture of this moment; costs a walk over all hosts, so draw it, don't decide by it.
    package var view: RolloutView {
        RolloutView(
            rollout: id,
            service: plan.service,
            environment: plan.environment,
            target: plan.target,
            phase: state.phase,
            stage: stage.map { plan.stages[$0].name },
            pause: state.pause,
            inService: sums.inService,
            floor: floor,
            total: plan.capacity.total,
            lowest: state.lowestCapacity,
            inFlight: sums.inFlight,
            window: stage.map { plan.stages[$0].window } ?? plan.capacity.window,
            failures: state.failures,
            failureBudget: plan.limits.failureBudget,
            approval: approvalView,
            gates: gateResults,
            why: why,
            hosts: state.hosts.indices.map(hostView)
        )
    }

    /// The stage under way.
    var stage: Int? {
        switch state.phase {
        case .rolling(let stage), .baking(let stage), .gating(let stage): stage
        case .awaitingApproval(let stage): stage
        case .planned, .scheduled, .mustering, .inspecting, .claiming, .preparing, .migrating, .confirming,
            .rollingBack, .aborting,
            .releasing, .concluded:
            nil
        }
    }

    /// The capacity rule with this moment's numbers.
    var arithmetic: String {
        let lightest =
            queues.compactMap { $0.well.isEmpty ? nil : $0.weight }.min()
            ?? plan.hosts.map(\.weight).min() ?? 1
        let rest = sums.inService - lightest
        let comparison = rest >= floor ? ">=" : "<"
        let verdict = rest >= floor ? "a host may leave" : "no host in service may leave"
        return "\(sums.inService) of \(plan.capacity.total) in service - \(lightest) = \(rest) "
            + "\(comparison) floor \(floor): \(verdict)"
    }

    /// What the rollout waits for.
    var why: String {
        switch state.phase {
        case .planned: "not started"
        case .scheduled: whyHeld ?? "begins"
        case .mustering:
            sums.unheard == 0 && !absent.isEmpty
                ? "waits for \(names(absent))" : "waits for the first word of \(sums.unheard) hosts"
        case .inspecting, .claiming: "waits for the claim on \(sums.awaited) hosts"
        case .awaitingApproval: whyAwaitingApproval
        case .preparing: sums.awaited == 0 ? whyHeld ?? "is prepared" : "waits for \(sums.awaited) hosts to prepare"
        case .migrating: "waits for the migration on \(plan.migration.map { name($0.host) } ?? "")"
        case .rolling(let stage) where sums.open == 0 && lacksCanary(stage) && isCanaryAwaited(stage):
            "waits for its canary: \(canaryNames(stage))"
        case .rolling(let stage): waiting(window: plan.stages[stage].window)
        case .baking: whyBaking
        case .gating: whyGating
        case .confirming: "waits for \(sums.awaited) hosts to confirm"
        case .rollingBack: waiting(window: plan.capacity.window)
        case .aborting: "waits for \(sums.moving) hosts in flight"
        case .releasing: "waits for \(sums.awaited) hosts to give the claim back"
        case .concluded(let outcome): headlineOfEnd(outcome)
        }
    }

    private func headlineOfEnd(_ outcome: Outcome) -> String { summary(outcome).headline }

    private func waiting(window: Int) -> String {
        let waiting = queues.reduce(0) { $0 + $1.count }
        guard sums.inFlight < window else { return "window full: \(sums.inFlight) of \(window) hosts in flight" }
        guard waiting > 0 else { return "waits for \(sums.moving) hosts in flight, \(sums.open) in all\(whyEngaged)" }
        return
            "\(waiting) hosts wait; \(sums.inFlight) of \(window) in flight; \(arithmetic)\(placeArithmetic)\(whyEngaged)"
    }

    private var placeArithmetic: String {
        var text = ""
        for (index, rule) in plan.capacity.places.enumerated() where sums.places[index].inService <= rule.floor {
            text += "; \(rule.place): \(sums.places[index].inService) of \(rule.total) in service, floor \(rule.floor)"
        }
        return text
    }

    private var whyBaking: String {
        guard let bake = state.bake else { return "bake is over" }
        guard sums.unwell == 0 else {
            return "bake stands still: \(sums.unwell) changed hosts are not known to be well"
        }
        if isThrough, case .baking(let stage) = state.phase, isHeld(after: stage), let whyHeld { return whyHeld }
        return "bakes for another \(bake.left(at: state.now))"
    }

    private func hostView(_ index: Int) -> HostView {
        let host = state.hosts[index]
        var isInFlight = false
        if case .moving = host.step { isInFlight = true }
        return HostView(
            host: plan.hosts[index].id,
            weight: plan.hosts[index].weight,
            release: host.facts.current,
            isInService: host.isInService,
            isConnected: host.isConnected,
            isInFlight: isInFlight,
            doing: doing(host),
            failure: host.failure,
            state: viewState(host, isInFlight: isInFlight)
        )
    }

    private func viewState(_ host: HostState, isInFlight: Bool) -> HostView.State {
        if case .missing = host.step { return .unknown }
        if !host.isConnected, isInFlight || host.before != nil { return .unknown }
        return isInFlight ? .inFlight : host.isInService ? .inService : .outOfService
    }

    private func doing(_ host: HostState) -> String {
        switch host.step {
        case .idle: host.isConnected ? "connected" : "not reached"
        case .claiming: "claim"
        case .preparing: "prepares \(plan.target.version)"
        case .unprepared: "could not prepare"
        case .ready: doing(ready: host)
        case .moving(let move): doing(move, host)
        case .missing(let move): "unknown: lost in flight, \(doing(move, host))"
        case .done: host.failure == nil ? "updated" : "ill on \(plan.target.version)"
        case .settled: "has \(plan.target.version)"
        case .back: "back"
        case .failed: "failed, back"
        case .stuck: "stuck"
        case .skipped: "skipped"
        }
    }

    private func doing(ready host: HostState) -> String {
        guard !host.isUnreachable else { return "lost" }
        return host.isEngaged ? host.facts.neighbour.map { "waits for \($0)" } ?? "" : "waits for its turn"
    }

    private func doing(_ move: Move, _ host: HostState) -> String {
        let release = move.direction == .forward ? plan.target : host.before?.release
        let version = release.map { $0.version.text } ?? "nothing"
        return switch move.stage {
        case .activating where host.facts.operation?.awaitsIdle == true: "waits for it to be idle"
        case .activating: host.facts.operation?.phase.rawValue ?? "switches to \(version)"
        case .awaiting: "runs \(version), not committed"
        case .committing: "commits \(version)"
        case .reverting: host.facts.operation?.awaitsIdle == true ? "reverts, waits for it to be idle" : "reverts"
        }
    }
}
