import Activation
import Model
import Rollout

/// Watches one coordinator from outside and holds every step against the invariants, with sums of its own.
struct RolloutOracle {
    let plan: Plan
    private(set) var violations: [String] = []
    var hosts: [Seen]
    /// What an operator has lowered the plan's floors to.
    var floor: Int?
    var phase = RolloutPhase.planned
    private var isPaused = false
    var isStopped = false
    private var isCondemned = false
    private var canaries: [Int] = []
    /// Whether a canary was ever seen with the release, or a person has left one out.
    private var isProved = false
    private var stageMembers: [Int] = []
    private var baked: Int64 = 0
    private var lastAt: Int64?
    private var now = Instant(milliseconds: 0)
    private var consent = Consent()
    var gates: GateOracle
    /// What the wall clock says; nil while nobody has said it.
    private var opening: Opening?
    private var isExpired = false
    /// Rollouts of other services that have not ended, as far as it was told.
    private var queuedBehind: Set<RolloutID>
    /// A person has said that hosts which are away are nothing to wait for.
    private var areAbsencesAccepted = false
    /// Whether a host has said that the plan's migration has ended well; who ran the release before has had it then.
    private var hasMigrated = false
    /// Whether a host was told to switch to the release.
    private var hasBegun = false
    private var holder = ""
    /// What an operator's word has changed here; put back if the word is refused.
    private var beforeWord:
        (floor: Int?, isPaused: Bool, isStopped: Bool, isProved: Bool, skipped: Int?, consent: Consent)?

    /// What people have said to the order that they were asked about last.
    struct Consent {
        var order: Digest?
        var people: Set<String> = []
        var isOver = false
    }

    init(plan: Plan) {
        self.plan = plan
        gates = GateOracle(plan: plan)
        queuedBehind = Set(plan.isQueued ? (plan.concurrent ?? []).map(\.rollout) : [])
        hosts = [Seen](repeating: Seen(), count: plan.hosts.count)
    }

    /// Whether the rollout may be changing hosts, by what it has announced.
    var holdsHosts: [Int] {
        switch phase {
        case .preparing, .migrating, .rolling, .baking, .gating, .confirming, .rollingBack, .aborting:
            hosts.indices.filter { hosts[$0].isClaimed }
        case .planned, .scheduled, .mustering, .inspecting, .claiming, .awaitingApproval, .releasing, .concluded: []
        }
    }

    mutating func observe(_ event: RolloutEvent) {
        count(event)
        now = event.at
        beforeWord = (floor, isPaused, isStopped, isProved, nil, consent)
        switch event.word {
        case .connected(let host):
            hosts[host].isConnected = true
            hosts[host].facts = nil
        case .lost(let host): hosts[host].isConnected = false
        case .resumed:
            for host in hosts.indices { hosts[host].isConnected = false }
            gates.restart()
            opening = nil
        case .opening(let found): opening = found
        case .concurrentEnded(let rollout, _): queuedBehind.remove(rollout)
        case .scheduleExpired: isExpired = isExpired || hosts.allSatisfy { $0.sequence == 0 }
        case .reported(let host, let facts): if hosts[host].isConnected { see(host, facts) }
        case .replied(let host, let sequence, let reply): see(host, sequence, reply)
        case .operatorSaid(.resume(let floor, let reason)):
            if let floor, reason != nil, isPaused { self.floor = floor }
            areAbsencesAccepted = areAbsencesAccepted || isPaused
        case .operatorSaid(.abort): isStopped = true
        // The word ends a pause; failures that start the same way back do not.
        case .operatorSaid(.rollBack): if phase != .rollingBack { isPaused = false }
        case .operatorSaid(.skip(let host, _)):
            // Which host is the canary may have changed, and what is left out may have been it.
            isProved = true
            beforeWord?.skipped = hosts[host].isOut ? host : nil
            hosts[host].isOut = false
            hosts[host].isSkipped = true
        case .operatorSaid(.approve(let approval)):
            if approval.order == consent.order { consent.people.insert(approval.person) }
        case .operatorSaid(.withdrawApproval(let person, _)): consent.people.remove(person)
        case .started(let name, _): holder = name
        case .asked(let order): if consent.order == nil { consent.order = order.digest }
        case .orderLapsed(let order): if order == consent.order { consent.isOver = true }
        case .judged(let gate, _, let number, let verdict): gates.judged(gate, number, verdict.answer, at: event.at)
        case .operatorSaid, .effectFailed, .timerFired: break
        }
    }

    /// Time in a bake counts only while one coordinator has seen all of the stage well.
    private mutating func count(_ event: RolloutEvent) {
        let at = event.at.milliseconds
        defer { lastAt = at }
        guard event.word != .resumed, let lastAt, case .baking = phase, !isPaused,
            stageMembers.allSatisfy({ !hosts[$0].isChanged || hosts[$0].isInOrder })
        else { return }
        baked += at - lastAt
    }

    private mutating func see(_ host: Int, _ facts: ServiceFacts) {
        hosts[host].facts = facts
        if host == plan.migration?.host, facts.current == plan.target { hasMigrated = true }
        if isCanary(host), facts.current == plan.target { isProved = true }
        guard let operation = facts.operation, case .rollout(let id) = operation.origin,
            id.sequence == hosts[host].sequence
        else { return }
        switch operation.phase {
        case .reverted, .stuck: finish(host, operation.failure)
        case .idle, .preparing, .prepared, .draining, .switching, .starting, .checking, .awaitingCommit, .kept,
            .committed, .reverting:
            break
        }
    }

    private mutating func see(_ host: Int, _ sequence: Int64, _ reply: HostReply) {
        switch reply {
        case .claimed: hosts[host].isClaimed = true
        case .released: hosts[host].isClaimed = false
        case .committed(let release):
            if hosts[host].isOut { hosts[host].isChanged = release == plan.target }
            isProved = isProved || isCanary(host)
            hosts[host].isOut = false
            hosts[host].facts?.current = release
            hosts[host].facts?.operation?.phase = .committed
        case .reverted(_, let failure), .stuck(let failure): finish(host, failure)
        case .refused(let failure): if sequence >= hosts[host].sequence { finish(host, failure) }
        case .migrated: hasMigrated = true
        case .claimState, .prepared, .awaitingCommit, .discarded, .confirmed: break
        }
    }

    private mutating func finish(_ host: Int, _ failure: Failure?) {
        guard hosts[host].isOut else { return }
        hosts[host].isOut = false
        guard hosts[host].isForward, canaries.contains(host), let failure else { return }
        switch failure.code {
        case .checkFailed, .unitStart: isCondemned = true
        case _: break
        }
    }

    mutating func observe(_ action: RolloutAction) {
        switch action {
        case .announce(.phase(let next)): enter(next)
        case .announce(.paused):
            isPaused = true
            gates.forget()
        case .announce(.resumed): isPaused = false
        case .judge(let question):
            if isPaused { violate(6, "gate \(question.gate) is asked while paused") }
            gates.asked(question, at: now)
            checkComparison(question)
        case .announce(.promoted(_, let gate, _, _)): gates.promoted(gate)
        case .announce(.wordRefused):
            guard let before = beforeWord else { return }
            (floor, isPaused, isStopped) = (before.floor, before.isPaused, before.isStopped)
            isProved = before.isProved
            consent = before.consent
            if let skipped = before.skipped { hosts[skipped].isOut = true }
        // A failure within the budget is known and no longer waited for.
        case .announce(.hostFailed(let host, let failure)):
            stageMembers.removeAll { $0 == host }
            hosts[host].isGivenUp = failure.code == .deadline || failure.code == .unreachable
        case .send(let host, let id, .activate(let order)): check(host, id, order)
        case .send(let host, let id, .commit): checkCommit(host, id)
        case .send(let host, let id, .prepare):
            guard id.sequence != hosts[host].prepared else { break }  // sent again after a reconnect
            hosts[host].prepared = id.sequence
            checkConsent(host)
        case .askApproval:
            consent = Consent()
            if case .near = opening { break }
            if plan.isTimed, opening != .open {
                violate(20, "people are asked too early")
            }
        case .announce(.approvalLapsed): consent.isOver = true
        case .send, .announce, .startTimer, .cancelTimer, .stand, .conclude: break
        }
    }

    private mutating func enter(_ next: RolloutPhase) {
        if case .baking(let stage) = phase, !isStopped {
            let isNext = next == .confirming || next == .rolling(stage: stage + 1)
            let needed = stageMembers.contains { hosts[$0].isChanged } ? plan.stages[stage].bake.milliseconds : 0
            if isNext, baked < needed { violate(4, "stage \(stage) left after \(baked) of \(needed) ms of bake") }
        }
        checkGates(next)
        if next == .mustering, !queuedBehind.isEmpty { violate(22, "begins beside \(queuedBehind.count) others") }
        if case .rolling(let stage) = next, plan.isTimed, opening != .open {
            violate(20, "stage \(stage) begins while it is closed")
        }
        switch next {
        case .rolling:
            // A stage that goes on under a new order is still the same.
            if case .awaitingApproval = phase { break }
            stageMembers = []
        case .baking: baked = 0
        case .gating: gates.forgetAll()
        case .rollingBack, .planned, .scheduled, .mustering, .inspecting, .claiming, .awaitingApproval, .preparing,
            .migrating, .confirming,
            .aborting, .releasing, .concluded:
            break
        }
        phase = next
    }

    private mutating func check(_ host: Int, _ id: RequestID, _ order: ActivateOrder) {
        guard id.sequence != hosts[host].sequence else { return }  // sent again after a reconnect
        hosts[host].sequence = id.sequence
        let isForward = order.release == plan.target
        if isForward, plan.migration != nil, !hasMigrated {
            violate(25, "h\(host) gets the release before its migration has ended well")
        }
        if isForward, isCondemned { violate(5, "h\(host) gets the release after a failed canary") }
        if isPaused { violate(6, "h\(host) starts while paused") }
        if isStopped { violate(6, "h\(host) starts after abort") }
        if isForward { checkConsent(host) }
        if isForward { checkAbsence() }
        if isForward { checkCanary(host) }
        if isForward, isExpired { violate(20, "h\(host) starts although the time to start is over") }
        if isForward, !isRolling { violate(4, "h\(host) starts in \(phase)") }
        if hosts[host].isEngaged { violate(22, "h\(host) starts while another service is changed on it") }
        checkCapacity(host)
        hosts[host].isOut = true
        hosts[host].isForward = isForward
        checkWindow(isForward)
        if case .rolling(let stage) = phase {
            stageMembers.append(host)
            if plan.stages[stage].name == Planner.canaryName { canaries.append(host) }
        }
    }

    /// Nobody gets the release before enough people have approved the order that counts, whoever asked for it not alone.
    private mutating func checkConsent(_ host: Int) {
        guard plan.approvals > 0 else { return }
        let people = consent.people
        if consent.isOver { violate(9, "h\(host) is ordered under an order whose time is over") }
        if people.count < plan.approvals || people == [holder] {
            violate(9, "h\(host) is ordered with the approval of \(people.sorted()), \(plan.approvals) needed")
        }
    }

    /// Nothing is changed while more hosts have never been heard of than the plan allows.
    private mutating func checkAbsence() {
        guard !areAbsencesAccepted, plan.returned == nil, !hasBegun else { return }
        hasBegun = true
        let unheard = hosts.count { !$0.isConnected && !$0.wasHeard && !$0.isSkipped }
        let most =
            switch plan.offline {
            case .fail?: 0
            case .skip(let most)?: max(most, plan.limits.failureBudget)
            case .wait?, .pause?, nil: plan.limits.failureBudget
            }
        if unheard > most { violate(3, "begins with \(unheard) hosts that nobody has heard of, \(most) allowed") }
    }

    private func isCanary(_ host: Int) -> Bool { canaries.contains(host) || canaryStage?.hosts.contains(host) ?? false }

    private var canaryStage: PlannedStage? { plan.stages.first { $0.name == Planner.canaryName } }

    /// What no canary runs is proved by nobody; hosts that were away get what others have proved.
    private mutating func checkCanary(_ host: Int) {
        guard let canaryStage, plan.returned == nil, case .rolling(let stage) = phase, !isProved else { return }
        guard plan.stages[stage].name != canaryStage.name else { return }
        violate(5, "h\(host) gets the release, and no canary runs it")
    }

    private var isRolling: Bool { if case .rolling = phase { true } else { false } }

    private mutating func checkCommit(_ host: Int, _ id: RequestID) {
        guard let facts = hosts[host].facts, hosts[host].isConnected else { return }  // sent again after a reconnect
        let isProved = facts.health.isHealthy && facts.operation?.target == facts.current
        if !isProved { violate(16, "h\(host) is committed without proof of health") }
    }

    mutating func violate(_ number: Int, _ what: String) { violations.append("invariant \(number): \(what)") }
}
