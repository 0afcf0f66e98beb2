import Foundation
import Model
import Rollout

/// A fleet that answers as a test says, one word at a time, around one machine.
struct Fleet {
    var machine: RolloutMachine
    var now: Int64 = 0
    var sent: [RolloutAction] = []
    var summary: RolloutSummary?
    var stood: RolloutSummary?
    var refusals: [String] = []
    /// Times that people were to be asked for their approval.
    var asks = 0
    /// What gates were to be asked, in order.
    var questions: [GateQuestion] = []
    var promotionsAsked = 0
    let plan: Plan
    var current: [ReleaseID?]

    init(_ plan: Plan, before: ReleaseID?) throws {
        self.plan = plan
        let ledger = try LedgerID(parsing: "00000000-0000-0000-0000-000000000001")
        machine = RolloutMachine(id: RolloutID(ledger: ledger, number: 7), plan: plan)
        current = plan.hosts.map { _ in before }
    }

    init(
        _ count: Int,
        floor: Int? = nil,
        window: Int = 1,
        stages: [StagePolicy] = [],
        kind: Plan.Kind = .deploy,
        before: String? = "1.4.1",
        skips: [SkippedHost] = [],
        change: (inout Model.Environment) -> Void = { _ in }
    ) throws {
        let capacity = CapacityPolicy(floor: floor.map { .count($0) }, window: .count(window))
        var environment = try PlanFixture.environment(PlanFixture.hosts(count), capacity: capacity, stages: stages)
        change(&environment)
        var request = try PlanFixture.request(environment, kind: kind, skips: skips)
        request.previous = try before.map { try PlanFixture.release($0, "a") }
        try self.init(try Planner.plan(request), before: request.previous)
    }

    @discardableResult
    mutating func tell(_ word: RolloutEvent.Word) -> [RolloutAction] {
        let actions = machine.handle(RolloutEvent(word, at: Instant(milliseconds: now)))
        for action in actions {
            switch action {
            case .send: sent.append(action)
            case .conclude(let found): summary = found
            case .stand(let found): stood = found
            case .announce(.wordRefused(let why)): refusals.append(why)
            case .askApproval: asks += 1
            case .judge(let question): questions.append(question)
            case .announce(.promotionAsked): promotionsAsked += 1
            case .announce, .startTimer, .cancelTimer: break
            }
        }
        return actions
    }

    mutating func wait(_ span: TimeSpan, _ timer: TimerID) {
        now += span.milliseconds
        tell(.timerFired(timer))
    }

    /// Starts, and brings every host but `absent` to its first report.
    mutating func muster(absent: [Int] = [], ill: [Int] = []) {
        tell(.started(holder: "alice@laptop", at: WallTime(milliseconds: 0)))
        for host in plan.hosts.indices {
            if absent.contains(host) {
                tell(.lost(host: host))
            } else {
                tell(.connected(host: host))
                report(host, health: ill.contains(host) ? .unhealthy(reason: "status 500") : .healthy)
            }
        }
    }

    /// Another coordinator goes on with what the first one has stored.
    mutating func restart(absent: [Int] = []) throws {
        let bytes = try JSONEncoder().encode(machine.state)
        let state = try JSONDecoder().decode(RolloutState.self, from: bytes)
        machine = RolloutMachine(id: machine.id, plan: plan, state: state)
        now = 5
        tell(.resumed)
        for host in plan.hosts.indices where !absent.contains(host) {
            tell(.connected(host: host))
            report(host)
        }
    }

    mutating func report(_ host: Int, health: Health = .healthy, operation: OperationReport? = nil) {
        tell(.reported(host: host, ServiceFacts(current: current[host], health: health, operation: operation)))
    }

    /// Answers every open request up to the first switch.
    mutating func prepareAll() {
        while let (host, id, ask) = next(where: { !$0.changesHosts }) {
            tell(.replied(host: host, sequence: id.sequence, reply(to: ask)))
        }
    }

    mutating func answer(_ host: Int, _ id: RequestID, _ ask: HostAsk) {
        tell(.replied(host: host, sequence: id.sequence, reply(to: ask)))
    }

    /// Takes the first request that fits out of those sent.
    mutating func next(where fits: (HostAsk) -> Bool = { _ in true }) -> (Int, RequestID, HostAsk)? {
        for (index, action) in sent.enumerated() {
            guard case .send(let host, let id, let ask) = action, fits(ask) else { continue }
            sent.remove(at: index)
            return (host, id, ask)
        }
        return nil
    }

    private func reply(to ask: HostAsk) -> HostReply {
        switch ask {
        case .inspectClaim: .claimState(highest: Epoch(41), claim: nil)
        case .claim(let claim): .claimed(highest: claim.epoch)
        case .releaseClaim: .released
        case .prepare(let release): .prepared(release)
        case .migrate: .migrated(plan.target)
        case .activate(let order): .awaitingCommit(order.release)
        case .commit: .committed(plan.target)
        case .revert: .reverted(to: plan.previous, failure: Failure(.cancelled, "taken back"))
        case .remove: .reverted(to: nil, failure: Failure(.cancelled, "removed"))
        case .confirm: .confirmed(plan.target)
        }
    }

    /// Hosts that were told to switch and have not been answered, in order.
    var started: [Int] {
        sent.compactMap { action in
            guard case .send(let host, _, .activate) = action else { return nil }
            return host
        }
    }

    /// Hosts that were told to take a release back and have not answered, in order.
    var reverts: [Int] {
        sent.compactMap { action in
            guard case .send(let host, _, .revert) = action else { return nil }
            return host
        }
    }

    /// Commits that were sent and not answered.
    var commits: Int { sent.count { if case .send(_, _, .commit) = $0 { true } else { false } } }

    /// Lets the next host that was told to switch wait for its commit, healthy.
    @discardableResult
    mutating func switchNext(health: Health = .healthy) -> Int? {
        guard let (host, id, ask) = next(where: { if case .activate = $0 { true } else { false } }),
            case .activate(let order) = ask
        else { return nil }
        let operation = operation(id, order, .awaitingCommit, predecessor: current[host])
        current[host] = order.release
        tell(.replied(host: host, sequence: id.sequence, .awaitingCommit(order.release)))
        report(host, health: health, operation: operation)
        return host
    }

    /// Answers the next commit.
    mutating func commitNext() {
        guard let (host, id, _) = next(where: { if case .commit = $0 { true } else { false } }) else { return }
        tell(.replied(host: host, sequence: id.sequence, .committed(current[host] ?? plan.target)))
    }

    mutating func updateNext() {
        switchNext()
        commitNext()
    }

    /// Lets the next host that was told to switch fail and go back.
    mutating func failNext(_ code: Failure.Code = .checkFailed) {
        guard let (host, id, _) = next(where: { if case .activate = $0 { true } else { false } }) else { return }
        tell(
            .replied(
                host: host,
                sequence: id.sequence,
                .reverted(to: current[host], failure: Failure(code, "status 500"))
            )
        )
    }

    /// Refuses the next request that fits.
    @discardableResult
    mutating func refuseNext(_ code: Failure.Code, where fits: (HostAsk) -> Bool) -> Int? {
        guard let (host, id, _) = next(where: fits) else { return nil }
        tell(.replied(host: host, sequence: id.sequence, .refused(Failure(code, "refused in a test"))))
        return host
    }

    private func operation(_ id: RequestID, _ order: ActivateOrder, _ phase: ActivationPhase, predecessor: ReleaseID?)
        -> OperationReport
    {
        OperationReport(
            origin: .rollout(id),
            purpose: order.purpose,
            target: order.release,
            predecessor: predecessor,
            phase: phase,
            startedAt: WallTime(milliseconds: 0)
        )
    }

    /// Answers the next word to take a release back.
    @discardableResult
    mutating func revertNext(with reply: HostReply? = nil) -> Int? {
        guard let (host, id, _) = next(where: { if case .revert = $0 { true } else { false } }) else { return nil }
        current[host] = nil
        let taken = HostReply.reverted(to: nil, failure: Failure(.cancelled, "taken back"))
        tell(.replied(host: host, sequence: id.sequence, reply ?? taken))
        report(host, health: .unknown)
        return host
    }

    func results() -> [HostResult.Kind] { (summary ?? stood)?.hosts.map(\.result) ?? [] }
}

extension HostAsk {
    /// Whether it is the word to change.
    var changesHosts: Bool {
        switch self {
        case .activate, .remove: true
        case .inspectClaim, .claim, .releaseClaim, .prepare, .migrate, .commit, .revert, .confirm: false
        }
    }
}
