import Model
import Rollout

/// Runs one scenario in virtual time: real rollout decisions, model hosts, a network and people at their worst.
package struct Simulator {
    let scenario: Scenario
    var draw: SeededGenerator
    var now: Int64 = 0
    var agenda = Agenda<Happening>()
    var hosts: [ModelHost]
    var coordinators: [SimulatedCoordinator] = []
    var violations: [String] = []
    var events = 0
    var trace: [String] = []
    let isTracing: Bool

    /// From here on nothing goes wrong any more, and people answer every pause.
    static let faultsEnd: Int64 = 15 * 60_000
    /// A rollout must have ended by then (invariant 15).
    static let horizon: Int64 = 6 * 3_600_000
    static let commitWithin = TimeSpan.seconds(60)

    enum Happening {
        case event(coordinator: Int, run: Int, RolloutEvent.Word)
        case command(host: Int, coordinator: Int, RequestID, HostAsk)
        case reply(host: Int, coordinator: Int, session: Int, RequestID, HostReply)
        case facts(host: Int, coordinator: Int, session: Int, ServiceFacts)
        case timer(coordinator: Int, run: Int, TimerID, armed: Int)
        case goOn(host: Int, era: Int)
        case commitDeadline(host: Int, era: Int)
        case fallIll(host: Int)
        case look(host: Int)
        case prepared(host: Int, coordinator: Int, RequestID, era: Int)
        case dial(coordinator: Int, run: Int, host: Int)
        case cut(host: Int)
        case power(host: Int, isOn: Bool)
        case restart(coordinator: Int)
        case start(coordinator: Int)
        case mischief
        case `operator`(coordinator: Int)
    }

    package init(_ scenario: Scenario, isTracing: Bool = false) {
        self.scenario = scenario
        self.isTracing = isTracing
        draw = SeededGenerator(seed: scenario.seed &* 31 &+ 7)
        hosts = scenario.plan.hosts.indices.map { index in
            var host = ModelHost(fate: scenario.fates[index])
            host.current = scenario.before
            host.isOn = !scenario.absent[index]
            host.isHealthy = !scenario.ill[index]
            return host
        }
        for number in 0..<(scenario.hasRival ? 2 : 1) {
            coordinators.append(SimulatedCoordinator(number, scenario.plan))
            agenda.enter(.start(coordinator: number), at: number == 0 ? 0 : Int64(draw.number(0...60_000)))
        }
        if scenario.faults > 0 { agenda.enter(.mischief, at: 1000) }
        for index in hosts.indices where scenario.absent[index] {
            agenda.enter(.power(host: index, isOn: true), at: Self.faultsEnd)
        }
    }

    /// Runs to the end of every rollout, or to the horizon.
    package mutating func run() -> SimulationReport {
        while let (time, happening) = agenda.next(), time < Self.horizon, violations.isEmpty {
            now = time
            perform(happening)
            if coordinators.allSatisfy({ $0.summary != nil }) { break }
        }
        for coordinator in coordinators where coordinator.summary == nil && violations.isEmpty {
            violations.append("invariant 15: R\(coordinator.number) has not ended: \(coordinator.machine.view.why)")
        }
        return SimulationReport(
            seed: scenario.seed,
            summary: coordinators[0].summary,
            violations: violations,
            trace: trace,
            events: events
        )
    }

    mutating func note(_ text: @autoclosure () -> String) {
        if isTracing { trace.append("\(Instant(milliseconds: now)) \(text())") }
    }

    private mutating func perform(_ happening: Happening) {
        switch happening {
        case .event(let coordinator, let run, let word): tell(coordinator, run, word)
        case .command(let host, let coordinator, let id, let ask):
            guard hosts[host].isOn else { return }
            follow(host, hosts[host].receive(ask, id, from: coordinator, &draw))
        case .reply(let host, let coordinator, let session, let id, let reply):
            deliver(host, coordinator, session, id, reply)
        case .facts(let host, let coordinator, let session, let facts):
            guard coordinators[coordinator].sessions[host] == session else { return }
            tell(coordinator, coordinators[coordinator].run, .reported(host: host, facts))
        case .timer(let coordinator, let run, let timer, let armed):
            guard coordinators[coordinator].armed[timer] == armed else { return }
            tell(coordinator, run, .timerFired(timer))
        case .goOn(let host, let era):
            guard hosts[host].era == era else { return }
            let looksAfter = draw.chance(15) ? Int64(draw.number(1...3000)) : 0
            follow(host, hosts[host].finishActivation(commitWithin: Self.commitWithin, looksAfter: looksAfter))
        case .commitDeadline(let host, let era):
            guard hosts[host].era == era else { return }
            follow(host, hosts[host].goBack(Failure(.commitMissing, "no commit came")))
        case .fallIll(let host):
            guard hosts[host].current == Scenario.target else { return }
            hosts[host].isHealthy = false
            follow(host, [.report])
        case .look(let host):
            hosts[host].isUnsure = false
            follow(host, [.report])
        case .prepared(let host, let coordinator, let id, let era): finishPreparing(host, coordinator, id, era)
        case .dial(let coordinator, let run, let host): dial(coordinator, run, host)
        case .cut(let host): cut(host)
        case .power(let host, let isOn): switchPower(host, isOn)
        case .restart(let coordinator): restart(coordinator)
        case .start(let coordinator): start(coordinator)
        case .mischief: doMischief()
        case .operator(let coordinator): speak(coordinator)
        }
    }

    private mutating func finishPreparing(_ host: Int, _ coordinator: Int, _ id: RequestID, _ era: Int) {
        guard hosts[host].era == era, hosts[host].isOn else { return }
        if hosts[host].fate == .failsToPrepare {
            follow(host, hosts[host].answer(coordinator, id, .refused(Failure(.diskFull, "needs 2 GiB, has 1"))))
        } else {
            hosts[host].isPrepared = true
            follow(host, hosts[host].answer(coordinator, id, .prepared(Scenario.target)))
        }
    }
}
