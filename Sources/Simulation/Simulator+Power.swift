import Activation
import FoundationEssentials
import Model

extension Simulator {
    // MARK: Agents

    /// The agent dies, in the middle of whatever it does, and is started again by systemd.
    mutating func kill(_ host: Int) {
        guard hosts[host].isUp else { return }
        note("h\(host) its agent dies")
        stopAgent(host)
        let pause =
            draw.chance(100 - scenario.tempo.slowAgents) ? draw.number(50...10_000) : draw.number(10_000...300_000)
        agenda.enter(.agentStarts(host: host, boot: hosts[host].boot), at: now + Int64(pause))
    }

    /// Ends the process; what it was doing has happened in part, and what it had not stored is forgotten.
    mutating func stopAgent(_ host: Int) {
        if case .effect(let effect, _)? = hosts[host].queue.first?.kind {
            let armed = hosts[host].timers
            hosts[host].interrupt(effect, at: now, &draw)
            arm(host, effect, since: armed)
        }
        hosts[host].run += 1
        hosts[host].isUp = false
        hosts[host].isFrozen = false
        hosts[host].isOffline = false
        hosts[host].queue = []
        hosts[host].waiting = []
        hosts[host].published = nil
        hosts[host].seen = nil
        collect(host)
        reload(host)
        cut(host)
    }

    /// Goes on with what came out of the journal.
    private mutating func reload(_ host: Int) {
        do {
            let bytes = try JSONEncoder().encode(hosts[host].journal)
            hosts[host].machine = try JSONDecoder().decode(ServiceMachine.self, from: bytes)
            if hosts[host].machine != hosts[host].journal { violations.append("h\(host) the journal lost something") }
        } catch {
            violations.append("h\(host) the machine does not survive its journal: \(error)")
        }
    }

    mutating func startAgent(_ host: Int, _ boot: Int) {
        guard hosts[host].isOn, hosts[host].boot == boot else { return }
        guard !hosts[host].isUp else {
            // The timer's process holds the host's lock.
            if hosts[host].isOffline { agenda.enter(.agentStarts(host: host, boot: boot), at: now + 1000) }
            return
        }
        run(host, isOffline: false)
        agenda.enter(.look(host: host, run: hosts[host].run), at: now + Int64(draw.number(1...1000)))
    }

    private mutating func run(_ host: Int, isOffline: Bool) {
        note("h\(host) \(isOffline ? "the timer's process" : "its agent") starts")
        hosts[host].run += 1
        hosts[host].isUp = true
        hosts[host].isOffline = isOffline
        let actions = hosts[host].machine.recover(hosts[host].diskFacts(.running), at: hosts[host].moment(now))
        carryOut(host, actions)
    }

    /// The timer outside of the agent has run out: the agent is told, or the decision is taken without one.
    mutating func deadManFires(_ host: Int, _ boot: Int, _ number: Int) {
        guard hosts[host].isOn, hosts[host].boot == boot, hosts[host].deadMan == number else { return }
        hosts[host].deadMan = nil
        note("h\(host) the dead-man's timer fires")
        if !hosts[host].isUp { run(host, isOffline: true) }
        feed(host, .deadManFired)
    }

    // MARK: Power

    mutating func switchPower(_ host: Int, _ isOn: Bool) {
        guard hosts[host].isOn != isOn else { return }
        note("h\(host) power \(isOn)")
        guard isOn else {
            stopAgent(host)
            hosts[host].isOn = false
            hosts[host].runs = [:]
            hosts[host].deadMan = nil
            hosts[host].isIll = false
            return
        }
        hosts[host].isOn = true
        hosts[host].boot += 1
        hosts[host].bootedAt = now - Int64(draw.number(2000...20_000))
        guard recoverEarly(host) else {
            switchPower(host, false)
            agenda.enter(.power(host: host, isOn: true), at: now + Int64(draw.number(1000...60_000)))
            return
        }
        hosts[host].startAtBoot()
        collect(host)
        agenda.enter(.agentStarts(host: host, boot: hosts[host].boot), at: now + Int64(draw.number(10...20_000)))
    }

    /// Decides, before anything is started, what the links shall name; false when the power fails once more.
    private mutating func recoverEarly(_ host: Int) -> Bool {
        var actions = hosts[host].machine.recover(hosts[host].diskFacts(.earlyBoot), at: hosts[host].moment(now))
        for _ in 0..<4 {
            if actions.isEmpty { return true }
            hosts[host].journal = hosts[host].machine
            hosts[host].oracle.stored(hosts[host].machine)
            guard case .perform(let effect, let token)? = actions.first(where: \.isEffect) else { return true }
            note("h\(host) before units start: \(effect)")
            if isFaulty, draw.chance(10) {
                hosts[host].interrupt(effect, at: now, &draw)
                return false
            }
            let result = hosts[host].apply(effect, at: now, &draw)
            actions = hosts[host].machine.handle(.finished(token, result), at: hosts[host].moment(now))
        }
        hosts[host].oracle.violate(15, "asks for more and more before units may start")
        return true
    }
}

extension ServiceMachine.Action {
    fileprivate var isEffect: Bool { if case .perform = self { true } else { false } }
}
