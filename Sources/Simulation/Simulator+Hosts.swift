import Activation
import FoundationEssentials
import Model
import Rollout

extension Simulator {
    /// Hands a command to the host's machine, and holds what comes of it against what may.
    mutating func deliver(_ host: Int, _ call: Call) {
        guard hosts[host].isAwake, !hosts[host].isOffline else { return }
        hosts[host].waiting.append((call.coordinator, call.session, call.command.id))
        var alone = hosts[host].machine
        _ = alone.handle(.woke, at: hosts[host].moment(now))
        let void = hosts[host].oracle.isVoid(call.command, holder: alone.report.claim)
        if void == nil { hosts[host].oracle.hears(call.command, alone.report) }
        let run = hosts[host].run
        feed(host, .command(call.command, call.reading))
        guard let void, hosts[host].run == run, hosts[host].machine != alone else { return }
        hosts[host].oracle.violate(void, "\(call.command.id) \(call.command.request) changed the host")
        collect(host)
    }

    /// Tells the machine something, as the agent's shell does: stored first, then performed.
    mutating func feed(_ host: Int, _ event: ServiceMachine.Event) {
        guard hosts[host].isAwake else { return }
        events += 1
        note("h\(host) <- \(event)")
        let actions = hosts[host].machine.handle(event, at: hosts[host].moment(now))
        guard actions.isEmpty, !event.isDurable else { return carryOut(host, actions) }
        publish(host)
        rest(host)
    }

    /// Stores and performs; the agent may be killed before the store, after it, or between two actions.
    mutating func carryOut(_ host: Int, _ actions: [ServiceMachine.Action]) {
        // Receipts are part of what is stored.
        let actions = actions.filter { if case .attest = $0 { false } else { true } }
        let isKilled = now < scenario.tempo.faultsEnd && draw.chance(scenario.kills)
        let last = isKilled ? draw.number(-1...actions.count) : actions.count
        if last >= 0 {
            hosts[host].journal = hosts[host].machine
            hosts[host].oracle.stored(hosts[host].machine)
            hosts[host].oracle.waits(hosts[host])
        }
        for action in actions.prefix(max(0, last)) { perform(action, host) }
        collect(host)
        guard !isKilled else { return kill(host) }
        publish(host)
        rest(host)
    }

    private mutating func perform(_ action: ServiceMachine.Action, _ host: Int) {
        switch action {
        case .perform(let effect, let token):
            note("h\(host) begins \(effect)")
            cancelLast(host)
            add(host, .effect(effect, token))
        case .reply(let requester, let reply):
            guard case .command(let id) = requester else { return }
            hosts[host].oracle.replies(id, reply, hosts[host].disk)
            let asking = hosts[host].waiting.filter { $0.id == id }
            hosts[host].waiting.removeAll { $0.id == id }
            for one in asking { answer(host, one.coordinator, one.session, id, reply) }
        case .wake(let span):
            agenda.enter(.wake(host: host, run: hosts[host].run), at: now + max(0, span.milliseconds))
        case .disarmDeadMan: add(host, .disarmDeadMan)
        case .discardStaging(let release): add(host, .discardStaging(release))
        case .delete(let release): add(host, .delete(release))
        case .announce(let operation):
            note("h\(host) is \(operation.phase) for \(operation.target)")
            strike(host, in: operation.phase)
            guard operation.phase == .committed, operation.target == Scenario.target,
                case .fallsIll(let after) = hosts[host].fate
            else { return }
            agenda.enter(.fallIll(host: host), at: now + after)
        case .attest: break
        }
    }

    /// Whether nothing is under way on a host that works; then it must be in order.
    mutating func rest(_ host: Int) {
        guard hosts[host].isAwake, !hosts[host].isBusy else { return }
        hosts[host].oracle.rests(hosts[host])
        collect(host)
        guard hosts[host].isOffline else { return }
        note("h\(host) the timer's process ends")
        stopAgent(host)
    }

    func isAtRest(_ host: Int) -> Bool { !hosts[host].isAwake || !hosts[host].isBusy }

    /// Takes over what a host's oracle has found.
    mutating func collect(_ host: Int) {
        violations += hosts[host].oracle.takeViolations().map { "t=\(now) h\(host) \($0)" }
    }

    // MARK: Looks

    /// The agent's periodic look, and the sign of life of whoever is connected.
    mutating func look(_ host: Int, _ run: Int) {
        guard hosts[host].run == run, hosts[host].isUp else { return }
        agenda.enter(.look(host: host, run: run), at: now + scenario.tempo.heartbeat)
        guard hosts[host].isAwake else { return }
        hearHolder(host)
        guard hosts[host].run == run, !hosts[host].isBusy, hosts[host].hasNews else { return }
        let observation = Observation(
            unit: hosts[host].seenUnit,
            checks: hosts[host].checks(of: hosts[host].disk.current, at: now),
            current: hosts[host].disk.current
        )
        hosts[host].seen = hosts[host].sight
        // Checks of a service that does not answer take their time.
        let took = draw.chance(80) ? draw.number(1...2500) : draw.number(2500...15_000)
        let step = hosts[host].machine.lastStep
        agenda.enter(.observed(host: host, run: run, observation, after: step), at: now + Int64(took))
    }

    /// Now and then is enough: the machine does nothing before a quarter of the lease is used.
    private mutating func hearHolder(_ host: Int) {
        guard now - hosts[host].heardAt > scenario.lease.milliseconds / 8,
            let claim = hosts[host].holder, isConnected(host, to: claim.rollout)
        else { return }
        hosts[host].heardAt = now
        feed(host, .holderHeard(claim.rollout))
    }

    private func isConnected(_ host: Int, to rollout: RolloutID) -> Bool {
        coordinators.contains { $0.machine.id == rollout && !$0.isDown && $0.sessions[host] != nil }
    }
}
