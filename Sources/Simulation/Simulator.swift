import Activation
import Model
import Rollout

/// Runs one scenario in virtual time: real decisions of coordinators and agents, a network and people at their worst.
package struct Simulator {
    let scenario: Scenario
    let crash: CoordinatorCrash?
    var draw: SeededGenerator
    var now: Int64 = 0
    var agenda = Agenda<Happening>()
    var hosts: [SimulatedHost]
    var coordinators: [SimulatedCoordinator] = []
    var violations: [String] = []
    var events = 0
    /// Whether the scenario's blow to one host has come.
    var hasStruck = false
    /// Requests of people on the hosts.
    var locals = 0
    var trace: [String] = []
    let isTracing: Bool

    /// When the first rollout begins; the hosts run by then.
    static let start: Int64 = 60_000
    /// After the last rollout has ended, hosts come to rest within this time.
    static let afterglow: Int64 = 3_600_000

    /// Those with much to say are kept elsewhere: the agenda is moved about all the time.
    enum Happening {
        indirect case event(coordinator: Int, run: Int, RolloutEvent.Word)
        indirect case call(host: Int, Call)
        indirect case reply(host: Int, coordinator: Int, session: Int, RequestID, HostReply)
        indirect case facts(host: Int, coordinator: Int, session: Int, ServiceFacts)
        case timer(coordinator: Int, run: Int, TimerID, armed: Int)
        case workEnds(host: Int, run: Int, number: Int)
        case wake(host: Int, run: Int)
        case deadMan(host: Int, boot: Int, number: Int)
        case look(host: Int, run: Int)
        indirect case observed(host: Int, run: Int, Observation, after: Token)
        case agentStarts(host: Int, boot: Int)
        case watchdog(host: Int, run: Int)
        case fallIll(host: Int)
        case dial(coordinator: Int, run: Int, host: Int)
        case cut(host: Int)
        case power(host: Int, isOn: Bool)
        case restart(coordinator: Int)
        case start(coordinator: Int)
        case mischief
        case person(coordinator: Int, name: String, order: Digest)
        case lapse(coordinator: Int, order: Digest)
        case promotion(coordinator: Int, stage: Int)
        case clock(coordinator: Int)
        case neighbour(host: Int)
        case `operator`(coordinator: Int)
    }

    package init(_ scenario: Scenario, crash: CoordinatorCrash? = nil, isTracing: Bool = false) {
        self.scenario = scenario
        self.crash = crash
        self.isTracing = isTracing
        draw = SeededGenerator(seed: scenario.seed &* 31 &+ 7)
        hosts = scenario.plan.hosts.indices.map { SimulatedHost($0, scenario) }
        for index in hosts.indices {
            agenda.enter(.power(host: index, isOn: true), at: scenario.absent[index] ? scenario.tempo.faultsEnd : 0)
        }
        for number in 0..<(scenario.hasRival ? 2 : 1) {
            coordinators.append(SimulatedCoordinator(number, scenario.plan))
            agenda.enter(
                .start(coordinator: number),
                at: Self.start + (number == 0 ? 0 : Int64(draw.number(0...60_000)))
            )
        }
        enterNeighbours()
        if scenario.faults > 0 { agenda.enter(.mischief, at: 1000) }
    }

    /// Runs to the end of every rollout and until every host is at rest, or to the horizon.
    package mutating func run() -> SimulationReport {
        var ended: Int64?
        while let (time, happening) = agenda.next(), time < scenario.tempo.horizon, violations.isEmpty {
            now = time
            perform(happening)
            if coordinators[0].pause != nil, scenario.tempo.pauses == .final { return report(nil) }
            guard coordinators.allSatisfy({ $0.summary != nil }) else { continue }
            ended = ended ?? now
            if hosts.indices.allSatisfy(isAtRest) { break }
            if now > (ended ?? now) + Self.afterglow { break }
        }
        judgeEnd()
        return report(coordinators[0].summary)
    }

    func report(_ summary: RolloutSummary?) -> SimulationReport {
        SimulationReport(
            seed: scenario.seed,
            summary: summary,
            pause: coordinators[0].pause,
            took: .milliseconds(now - Self.start),
            lowest: summary?.capacity.lowest ?? coordinators[0].machine.view.lowest,
            violations: violations,
            trace: trace,
            events: events,
            heard: coordinators[0].heard,
            steps: hosts.map(\.steps)
        )
    }

    mutating func note(_ text: @autoclosure () -> String) {
        if isTracing { trace.append("\(Instant(milliseconds: now)) \(text())") }
    }

    private mutating func judgeEnd() {
        guard violations.isEmpty else { return }
        for coordinator in coordinators where coordinator.summary == nil {
            violations.append("invariant 15: R\(coordinator.number) has not ended: \(coordinator.machine.view.why)")
        }
        for host in hosts.indices where !isAtRest(host) {
            violations.append("invariant 15: h\(host) does not come to rest: \(hosts[host].machine.report)")
        }
    }

    mutating func perform(_ happening: Happening) {
        switch happening {
        case .event(let coordinator, let run, let word): tell(coordinator, run, word)
        case .call(let host, let call): deliver(host, call)
        case .reply(let host, let coordinator, let session, let id, let reply):
            deliver(host, coordinator, session, id, reply)
        case .facts(let host, let coordinator, let session, let facts):
            guard coordinators[coordinator].sessions[host] == session else { return }
            tell(coordinator, coordinators[coordinator].run, .reported(host: host, facts))
        case .timer(let coordinator, let run, let timer, let armed):
            guard coordinators[coordinator].armed[timer] == armed else { return }
            tell(coordinator, run, .timerFired(timer))
        case .workEnds(let host, let run, let number): workEnds(host, run, number)
        case .wake(let host, let run): if hosts[host].run == run { feed(host, .woke) }
        case .deadMan(let host, let boot, let number): deadManFires(host, boot, number)
        case .look(let host, let run): look(host, run)
        case .observed(let host, let run, let seen, let step):
            if hosts[host].run == run { feed(host, .observed(seen, after: step)) }
        case .agentStarts(let host, let boot): startAgent(host, boot)
        case .watchdog(let host, let run): if hosts[host].run == run { kill(host) }
        case .fallIll(let host): if hosts[host].running == Scenario.target { hosts[host].isIll = true }
        case .dial(let coordinator, let run, let host): dial(coordinator, run, host)
        case .cut(let host): cut(host)
        case .power(let host, let isOn): switchPower(host, isOn)
        case .restart(let coordinator): restart(coordinator)
        case .start(let coordinator): start(coordinator)
        case .mischief: doMischief()
        case .person(let coordinator, let name, let order): speak(name, to: coordinator, about: order)
        case .lapse(let coordinator, let order): lookAtOrder(order, of: coordinator)
        case .promotion(let coordinator, let stage): promote(coordinator, stage)
        case .clock(let coordinator): lookAtClock(coordinator)
        case .neighbour(let host): lookAtNeighbour(host)
        case .operator(let coordinator): speak(coordinator)
        }
    }
}
