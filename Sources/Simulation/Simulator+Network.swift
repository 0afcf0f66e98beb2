import Model
import Rollout

extension Simulator {
    /// Commands may come late, twice, or not at all if their session breaks.
    mutating func send(_ number: Int, _ host: Int, _ id: RequestID, _ ask: HostAsk) {
        guard coordinators[number].sessions[host] != nil else { return }
        agenda.enter(.command(host: host, coordinator: number, id, ask), at: now + delay())
        if isFaulty, draw.chance(5) {
            agenda.enter(.command(host: host, coordinator: number, id, ask), at: now + Int64(draw.number(10...30_000)))
        }
    }

    private var isFaulty: Bool { scenario.faults > 0 && now < Self.faultsEnd }

    private mutating func delay() -> Int64 { Int64(draw.number(1...40)) }

    mutating func follow(_ host: Int, _ effects: [ModelHost.Effect]) {
        let era = hosts[host].era
        for effect in effects {
            switch effect {
            case .reply(let number, let id, let reply): answer(host, number, id, reply)
            case .report: for number in coordinators.indices { report(host, number) }
            case .goOn(let after): agenda.enter(.goOn(host: host, era: era), at: now + after)
            case .fallIll(let after): agenda.enter(.fallIll(host: host), at: now + after)
            case .look(let after): agenda.enter(.look(host: host), at: now + after)
            case .commitDeadline(let after): agenda.enter(.commitDeadline(host: host, era: era), at: now + after)
            case .prepared(let number, let id, let after):
                agenda.enter(.prepared(host: host, coordinator: number, id, era: era), at: now + after)
            }
        }
    }

    private mutating func answer(_ host: Int, _ number: Int, _ id: RequestID, _ reply: HostReply) {
        guard hosts[host].isOn, let session = coordinators[number].sessions[host] else { return }
        let times = isFaulty && draw.chance(5) ? 2 : 1
        for _ in 0..<times {
            let happening = Happening.reply(host: host, coordinator: number, session: session, id, reply)
            agenda.enter(happening, at: now + delay())
        }
    }

    private mutating func report(_ host: Int, _ number: Int) {
        guard hosts[host].isOn, let session = coordinators[number].sessions[host] else { return }
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
        guard hosts[host].isOn, !(isFaulty && draw.chance(scenario.faults)) else {
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
        guard now < Self.faultsEnd else { return }
        agenda.enter(.mischief, at: now + Int64(draw.number(500...5000)))
        guard draw.chance(scenario.faults) else { return }
        let host = draw.number(0...(hosts.count - 1))
        switch draw.number(0...9) {
        case 0...5: cut(host)
        case 6...7:
            switchPower(host, false)
            agenda.enter(.power(host: host, isOn: true), at: now + Int64(draw.number(1000...200_000)))
        case _:
            guard hosts[host].current == scenario.before, !hosts[host].isChanging else { return }
            hosts[host].isHealthy.toggle()
            follow(host, [.report])
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

    mutating func switchPower(_ host: Int, _ isOn: Bool) {
        guard hosts[host].isOn != isOn else { return }
        note("h\(host) power \(isOn)")
        hosts[host].isOn = isOn
        if isOn { return }
        cut(host)
        // At boot a host that was not told to keep its release goes back.
        hosts[host].waiting = []
        _ = hosts[host].goBack(Failure(.rebooted, "rebooted while uncommitted"))
    }
}
