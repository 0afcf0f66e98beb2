import FoundationEssentials
import Model
import Rollout

extension Simulator {
    mutating func start(_ number: Int) {
        note("R\(number) starts")
        enterBorders(of: number)
        lookAtClock(number)
        tell(number, 0, .started(holder: "sim\(number)", at: WallTime(milliseconds: now)))
        for host in hosts.indices { agenda.enter(.dial(coordinator: number, run: 0, host: host), at: now + 5) }
        if scenario.words {
            for _ in 0..<draw.number(1...3) {
                agenda.enter(.operator(coordinator: number), at: now + Int64(draw.number(0...300_000)))
            }
        }
    }

    /// Gives the machine an event and performs what it decides, as a coordinator does; it may crash on the way.
    mutating func tell(_ number: Int, _ run: Int, _ word: RolloutEvent.Word) {
        guard !coordinators[number].isDown, coordinators[number].run == run else { return }
        events += 1
        let event = RolloutEvent(word, at: Instant(milliseconds: now - coordinators[number].clockZero))
        note("R\(number) <- \(word)")
        coordinators[number].oracle.observe(event)
        let actions = coordinators[number].machine.handle(event)
        // What the clock says before the start is stored together with it.
        let crash = coordinators[number].machine.state.isNew ? nil : crashNow(number, word, actions.count)
        let performed = actions.prefix(crash?.performed ?? actions.count)
        // The oracle sees every decision, because all of them are in the ledger.
        for action in actions { coordinators[number].oracle.observe(action) }
        for action in performed { perform(action, number) }
        for action in actions {
            guard case .conclude(let summary) = action else { continue }
            coordinators[number].summary = summary
            coordinators[number].oracle.conclude(summary, hosts, of: coordinators[number].machine.id)
        }
        violations += coordinators[number].oracle.violations.map { "t=\(now) R\(number) \($0)" }
        checkRivals()
        if let crash { self.crash(number, crash) }
    }

    /// How a coordinator dies over what an event has decided.
    struct Death {
        /// So many of the actions were performed before.
        let performed: Int
        /// Milliseconds until it is started again; nil: somebody will.
        let pause: Int64?
    }

    private mutating func crashNow(_ number: Int, _ word: RolloutEvent.Word, _ actions: Int) -> Death? {
        defer { coordinators[number].heard += 1 }
        if let crash, number == 0, crash.event == coordinators[number].heard {
            return Death(performed: crash.performed(of: actions), pause: crash.pause.milliseconds)
        }
        guard now < scenario.tempo.faultsEnd, word != .resumed, draw.chance(scenario.crashes) else { return nil }
        return Death(performed: draw.number(0...actions), pause: nil)
    }

    private mutating func checkRivals() {
        guard coordinators.count > 1 else { return }
        let both = Set(coordinators[0].oracle.holdsHosts).intersection(coordinators[1].oracle.holdsHosts)
        if !both.isEmpty { violations.append("invariant 7: two rollouts hold \(both.sorted())") }
    }

    private mutating func perform(_ action: RolloutAction, _ number: Int) {
        switch action {
        case .send(let host, let id, let ask):
            note("R\(number) -> h\(host) \(id.sequence) \(ask)")
            send(number, host, id, ask)
        case .startTimer(let timer, let span):
            coordinators[number].nextTimer += 1
            let armed = coordinators[number].nextTimer
            coordinators[number].armed[timer] = armed
            let run = coordinators[number].run
            agenda.enter(.timer(coordinator: number, run: run, timer, armed: armed), at: now + span.milliseconds)
        case .cancelTimer(let timer): coordinators[number].armed[timer] = nil
        case .askApproval: askPeople(number)
        case .judge(let question): judge(number, question)
        case .announce(let news):
            note("R\(number) says \(news)")
            switch news {
            case .paused(let pause):
                coordinators[number].pause = pause
                agenda.enter(.operator(coordinator: number), at: max(now + 30_000, scenario.tempo.faultsEnd))
            case .promotionAsked(let stage, _, _): askForPromotion(number, stage)
            case _: break
            }
        case .stand: break
        case .conclude(let summary): note("R\(number) ends \(summary.outcome): \(summary.headline)")
        }
    }

    // MARK: Crash and restart

    private mutating func crash(_ number: Int, _ death: Death) {
        note("R\(number) crashes")
        coordinators[number].isDown = true
        coordinators[number].run += 1
        coordinators[number].armed = [:]
        coordinators[number].toldOpening = nil
        for host in hosts.indices { coordinators[number].sessions[host] = nil }
        let pause = death.pause ?? Int64(draw.number(0...90_000))
        agenda.enter(.restart(coordinator: number), at: now + pause)
    }

    mutating func restart(_ number: Int) {
        let machine = coordinators[number].machine
        do {
            let bytes = try JSONEncoder().encode(machine.state)
            let state = try JSONDecoder().decode(RolloutState.self, from: bytes)
            coordinators[number].machine = RolloutMachine(id: machine.id, plan: machine.plan, state: state)
        } catch {
            violations.append("the state does not survive the ledger: \(error)")
        }
        coordinators[number].isDown = false
        coordinators[number].clockZero = now - Int64(draw.number(0...10_000_000))
        let run = coordinators[number].run
        tell(number, run, .resumed)
        lookAtClock(number)
        for host in hosts.indices { agenda.enter(.dial(coordinator: number, run: run, host: host), at: now + 5) }
        if coordinators[number].machine.view.pause != nil {
            agenda.enter(.operator(coordinator: number), at: max(now + 30_000, scenario.tempo.faultsEnd))
        }
        // Whoever looks sees that it waits, even if nobody was told.
        if let awaited = coordinators[number].machine.awaitedPromotion { askForPromotion(number, awaited.stage) }
    }

    // MARK: People

    /// Says something at a bad moment; once the faults are over, says what ends a pause.
    mutating func speak(_ number: Int) {
        guard coordinators[number].summary == nil, !coordinators[number].isDown else {
            if coordinators[number].summary == nil {
                agenda.enter(.operator(coordinator: number), at: now + 30_000)
            }
            return
        }
        let view = coordinators[number].machine.view
        let run = coordinators[number].run
        guard now < scenario.tempo.faultsEnd else {
            guard let pause = view.pause else { return }
            if pause.cause == .failures, draw.chance(40) {
                tell(number, run, .operatorSaid(.retry(reason: "sim")))
            } else if pause.cause == .failures || draw.chance(20) {
                tell(number, run, .operatorSaid(draw.chance(50) ? .abort(reason: nil) : .rollBack(reason: nil)))
            } else {
                if pause.cause == .noCanary, draw.chance(60) { skipCanaries(number) }
                tell(number, run, .operatorSaid(.resume(floor: pause.cause == .noProgress ? 0 : nil, reason: "sim")))
                skipLost(number, view)
            }
            agenda.enter(.operator(coordinator: number), at: now + 30_000)
            return
        }
        let word: OperatorWord
        switch draw.number(0...10) {
        case 0...3: word = .pause(reason: nil)
        case 4...6: word = .resume(floor: draw.chance(30) ? draw.number(0...view.total) : nil, reason: "sim")
        case 7: word = .abort(reason: nil)
        case 10: word = .retry(reason: nil)
        case 8: word = .rollBack(reason: nil)
        case _: word = .skip(host: draw.number(0...(hosts.count - 1)), reason: "sim")
        }
        tell(number, run, .operatorSaid(word))
    }

    /// Goes on without anybody who proves the release.
    private mutating func skipCanaries(_ number: Int) {
        let view = coordinators[number].machine.view
        let canaries = view.pause?.message.matches(of: /h[0-9]+/).map { String($0.output) } ?? []
        for (index, host) in view.hosts.enumerated() where canaries.contains(host.host.text) {
            tell(number, coordinators[number].run, .operatorSaid(.skip(host: index, reason: "no canary")))
        }
    }

    /// Hosts that hang hold their slot until somebody leaves them out.
    private mutating func skipLost(_ number: Int, _ view: RolloutView) {
        for (index, host) in view.hosts.enumerated() where host.doing.hasPrefix("unknown:") {
            tell(number, coordinators[number].run, .operatorSaid(.skip(host: index, reason: "lost")))
        }
    }
}
