import Activation
import Model
import Rollout

extension Simulator {
    /// Commands may come late, twice, or not at all if their session breaks.
    mutating func send(_ number: Int, _ host: Int, _ id: RequestID, _ ask: HostAsk) {
        guard let session = coordinators[number].sessions[host] else { return }
        let call = call(number, session, host, id, ask)
        agenda.enter(.call(host: host, call), at: now + delay())
        if isFaulty, draw.chance(5) {
            agenda.enter(.call(host: host, call), at: now + Int64(draw.number(10...30_000)))
        }
    }

    /// The request as it travels; a `prepare` with the order that its coordinator writes.
    private func call(_ number: Int, _ session: Int, _ host: Int, _ id: RequestID, _ ask: HostAsk) -> Call {
        let plan = coordinators[number].machine.plan
        let material = PrepareOrder(order: [], release: [], provenance: [], isCatchUp: plan.catchUp != nil)
        let request = ask.request ?? .prepare(material)
        if ask.request == nil { coordinators[number].orderEpoch = id.epoch }
        let command = HostCommand(id: id, service: plan.service, environment: plan.environment, request: request)
        let reading = ask.request == nil ? Reading.order(order(number, host, id)) : Self.reading(ask)
        return Call(coordinator: number, session: session, command: command, reading: reading)
    }

    /// Every ledger of the simulation is honest.
    private static func reading(_ ask: HostAsk) -> Reading {
        if case .claim = ask { .continued } else { .nothing }
    }

    private func order(_ number: Int, _ host: Int, _ id: RequestID) -> ReadOrder {
        let plan = coordinators[number].machine.plan
        let digest = plan.target.digest
        if let earlier = coordinators.first(where: { $0.machine.id == plan.catchUp?.rollout }) {
            let order = standing(earlier.number)
            return ReadOrder(order: order, release: Scenario.release(plan.target), releaseDigest: digest)
        }
        let wall = WallTime(milliseconds: now)
        var order = Order(
            plan: digest,
            release: digest,
            service: plan.service,
            environment: plan.environment,
            hosts: [],
            epoch: id.epoch,
            rollout: id.rollout,
            requester: OperatorName(validated: "alice"),
            startBy: wall + .minutes(15),
            validUntil: wall + scenario.validFor,
            catchUpUntil: wall + .days(7)
        )
        // Sorting them anew for each host would be most of the cost of a large fleet.
        order.hosts = coordinators[number].hosts
        let granted = coordinators[number].machine.grantedOrder
        if let asked = coordinators[number].orders.last(where: { $0.digest == granted }) {
            order.startBy = asked.approveBy + .minutes(15)
            order.validUntil = asked.validUntil
        }
        if case .failsToPrepare(let flaw) = hosts[host].fate {
            switch flaw {
            case .host: order.hosts.removeAll { $0 == plan.hosts[host].id }
            case .release: order.release = Scenario.release("3", "c").digest
            case .late: order.startBy = WallTime(milliseconds: now - 1)
            case .provenance, .disk, .archive: break
            }
        }
        return ReadOrder(order: order, release: Scenario.release(plan.target), releaseDigest: digest)
    }

    var isFaulty: Bool { scenario.faults > 0 && now < scenario.tempo.faultsEnd }

    private mutating func delay() -> Int64 { Int64(draw.number(1...40)) }

    mutating func answer(_ host: Int, _ number: Int, _ session: Int, _ id: RequestID, _ reply: HostReply) {
        guard hosts[host].isReachable, coordinators[number].sessions[host] == session else { return }
        let times = isFaulty && draw.chance(5) ? 2 : 1
        for _ in 0..<times {
            let happening = Happening.reply(host: host, coordinator: number, session: session, id, reply)
            agenda.enter(happening, at: now + delay())
        }
    }

    /// Tells everyone who is connected what the host looks like, when that has changed.
    mutating func publish(_ host: Int) {
        guard hosts[host].isAwake, hosts[host].isReachable else { return }
        let facts = hosts[host].facts
        guard hosts[host].published != facts else { return }
        hosts[host].published = facts
        for number in coordinators.indices { report(host, number) }
    }

    private mutating func report(_ host: Int, _ number: Int) {
        guard hosts[host].isAwake, let session = coordinators[number].sessions[host] else { return }
        let arrival = max(now + delay(), coordinators[number].reportArrival[host])
        coordinators[number].reportArrival[host] = arrival
        let happening = Happening.facts(host: host, coordinator: number, session: session, hosts[host].facts)
        agenda.enter(happening, at: arrival)
    }

    /// Invariant 11: what was answered before changes nothing when it is answered again.
    mutating func deliver(_ host: Int, _ number: Int, _ session: Int, _ id: RequestID, _ reply: HostReply) {
        guard coordinators[number].sessions[host] == session else { return }
        let run = coordinators[number].run
        tell(number, run, .replied(host: host, sequence: id.sequence, reply))
        guard coordinators[number].run == run, coordinators[number].summary == nil, violations.isEmpty else { return }
        // The comparison costs as much as the fleet is large: of large ones, it is made now and then.
        guard events % (1 + hosts.count / 100) == 0 else { return }
        let at = Instant(milliseconds: now - coordinators[number].clockZero)
        var copy = coordinators[number].machine
        let repeated = copy.handle(RolloutEvent(.replied(host: host, sequence: id.sequence, reply), at: at))
        if !repeated.isEmpty || copy.state != coordinators[number].machine.state {
            violations.append("invariant 11: a repeated \(reply) of h\(host) had the effect \(repeated)")
        }
    }

    mutating func dial(_ number: Int, _ run: Int, _ host: Int) {
        guard coordinators[number].run == run, coordinators[number].sessions[host] == nil,
            coordinators[number].summary == nil
        else { return }
        guard hosts[host].isReachable, !(isFaulty && draw.chance(scenario.faults)) else {
            tell(number, run, .lost(host: host))
            agenda.enter(.dial(coordinator: number, run: run, host: host), at: now + Int64(draw.number(500...20_000)))
            return
        }
        coordinators[number].sessions[host] = coordinators[number].nextSession
        coordinators[number].nextSession += 1
        tell(number, run, .connected(host: host))
        guard coordinators[number].run == run else { return }
        report(host, number)
    }

    // MARK: Faults

    mutating func doMischief() {
        guard now < scenario.tempo.faultsEnd else { return }
        agenda.enter(.mischief, at: now + Int64(draw.number(500...5000)))
        guard draw.chance(scenario.faults) else { return }
        let host = draw.number(0...(hosts.count - 1))
        if scenario.hasLocals, draw.chance(10) { actLocally(host) }
        switch draw.number(0...11) {
        case 0...5: cut(host)
        case 10...11: kill(host)
        case 6...7:
            switchPower(host, false)
            agenda.enter(.power(host: host, isOn: true), at: now + Int64(draw.number(1000...200_000)))
        case _:
            guard hosts[host].running != Scenario.target, !hosts[host].isChanging else { return }
            hosts[host].isIll.toggle()
        }
    }

    /// Somebody on the host changes something without asking the coordinator.
    private mutating func actLocally(_ host: Int) {
        locals += 1
        let requester = Requester.local(Int64(locals), user: "root")
        let digest = Scenario.release("4", "d")
        let release = LocalRelease(
            release: Scenario.release(digest),
            digest: digest.digest,
            material: PrepareOrder(order: [], release: [], provenance: [])
        )
        switch draw.number(0...3) {
        case 0: feed(host, .local(.apply(release), requester))
        case 1: feed(host, .local(.rollback(to: nil), requester))
        case _: feed(host, .local(.unhold, requester))
        }
    }

    /// The network drops every session with a host; what was under way may still arrive at the host.
    mutating func cut(_ host: Int) {
        note("h\(host) is cut off")
        for number in coordinators.indices where coordinators[number].sessions[host] != nil {
            coordinators[number].sessions[host] = nil
            let run = coordinators[number].run
            tell(number, run, .lost(host: host))
            let back = now + Int64(draw.chance(70) ? draw.number(10...3000) : draw.number(3000...60_000))
            agenda.enter(.dial(coordinator: number, run: run, host: host), at: back)
        }
    }
}
