import Model
import Rollout
import Testing

/// Waiting for people: who counts, for how long, and what becomes of hosts meanwhile.
struct ApprovalTests {
    private func fleet(_ count: Int = 3, approvals: Int = 1, stages: [StagePolicy] = []) throws -> Fleet {
        try Fleet(count, stages: stages) { $0.approvals = approvals }
    }

    private func order(_ digit: Character) throws -> AskedOrder {
        AskedOrder(
            digest: try Digest(parsing: String(repeating: digit, count: 64)),
            approveBy: WallTime(milliseconds: 3_600_000),
            validUntil: WallTime(milliseconds: 90_000_000)
        )
    }

    private func yes(_ person: String, _ order: AskedOrder, _ kind: Approval.Kind = .ordinary) -> RolloutEvent.Word {
        .operatorSaid(.approve(Approval(order: order.digest, person: person, signature: [1], kind: kind)))
    }

    /// Up to the claim, which comes before the question because the order binds its epoch.
    private func asked(_ fleet: inout Fleet, _ order: AskedOrder) {
        fleet.muster()
        fleet.prepareAll()
        fleet.tell(.asked(order))
    }

    @Test("Nobody prepares before another person than who asked has approved exactly this order")
    func waits() throws {
        var fleet = try fleet()
        let (old, new) = (try order("a"), try order("b"))
        asked(&fleet, new)
        #expect(fleet.asks == 1)
        #expect(fleet.sent.isEmpty)
        #expect(fleet.machine.view.phase == .awaitingApproval(stage: nil))
        fleet.tell(yes("bob", old))
        #expect(fleet.refusals.last?.contains("was signed for order aaaaaaaaaaaa") == true)
        // Alice asked, from her laptop.
        fleet.tell(yes("alice", new))
        #expect(fleet.sent.isEmpty)
        #expect(fleet.machine.view.approval?.people == ["alice"])
        #expect(fleet.machine.view.why.contains("has 1 of 2 approvals (alice)"))
        #expect(fleet.machine.grantedOrder == nil)
        fleet.tell(yes("bob@example.com", new))
        #expect(fleet.machine.grantedOrder == new.digest)
        #expect(fleet.sent.count == 3)
    }

    @Test("One person is counted once, under however many spellings, and may think again")
    func distinct() throws {
        var fleet = try fleet(approvals: 2)
        let order = try order("a")
        asked(&fleet, order)
        fleet.tell(yes("bob", order))
        fleet.tell(yes("BOB@example.com", order))
        #expect(fleet.refusals.last?.contains("has approved R7 already") == true)
        fleet.tell(.operatorSaid(.withdrawApproval(person: "bob", reason: "wait")))
        fleet.tell(yes("carol", order))
        #expect(fleet.sent.isEmpty)
        #expect(fleet.machine.view.why.contains("has 1 of 2 approvals (carol) until 1970-01-01T01:00:00Z"))
        fleet.tell(yes("alice", order))
        #expect(fleet.sent.count == 3)
    }

    @Test("A break-glass key stands for all that are missing, and is named")
    func breakGlass() throws {
        var fleet = try fleet(approvals: 2)
        let order = try order("a")
        asked(&fleet, order)
        fleet.tell(yes("night-shift", order, .breakGlass))
        #expect(fleet.sent.count == 3)
        #expect(fleet.machine.view.approval?.brokenBy == "night-shift")
    }

    @Test("An order that lapses while it is waited for is written anew, and nobody has approved that one")
    func lapsesWhileWaiting() throws {
        var fleet = try fleet(approvals: 2)
        let (first, second) = (try order("a"), try order("b"))
        asked(&fleet, first)
        fleet.tell(yes("bob", first))
        fleet.tell(.orderLapsed(order: first.digest))
        #expect(fleet.asks == 2)
        fleet.tell(.asked(second))
        fleet.tell(.orderLapsed(order: first.digest))
        #expect(fleet.asks == 2)
        fleet.tell(yes("carol", second))
        #expect(fleet.sent.isEmpty)
        fleet.tell(yes("bob", second))
        #expect(fleet.sent.count == 3)
    }

    @Test("An order that lapses on the way starts no further host; finished ones stay, the rest prepares anew")
    func lapsesWhileRolling() throws {
        var fleet = try fleet(3)
        let (first, second) = (try order("a"), try order("b"))
        asked(&fleet, first)
        fleet.tell(yes("bob", first))
        fleet.prepareAll()
        fleet.updateNext()
        #expect(fleet.started == [1])
        fleet.tell(.orderLapsed(order: first.digest))
        // What is in flight finishes and is told to stay.
        fleet.updateNext()
        #expect(fleet.started.isEmpty)
        #expect(fleet.asks == 2)
        #expect(fleet.machine.view.phase == .awaitingApproval(stage: 1))
        fleet.tell(.asked(second))
        fleet.tell(yes("bob", second))
        let prepared = fleet.next()
        let (host, id, ask) = try #require(prepared)
        #expect(host == 2)
        #expect(ask == .prepare(fleet.plan.target))
        fleet.answer(host, id, ask)
        fleet.updateNext()
        fleet.prepareAll()
        #expect(fleet.results() == [.updated, .updated, .updated])
        #expect(fleet.summary?.outcome == .succeeded)
    }

    @Test("A host that finds the order expired changes nothing, and people are asked anew")
    func hostFindsItExpired() throws {
        var fleet = try fleet(2)
        let (first, second) = (try order("a"), try order("b"))
        asked(&fleet, first)
        fleet.tell(yes("bob", first))
        fleet.prepareAll()
        fleet.refuseNext(.orderExpired) { if case .activate = $0 { true } else { false } }
        #expect(fleet.asks == 2)
        #expect(fleet.sent.isEmpty)
        fleet.tell(.asked(second))
        fleet.tell(yes("bob", second))
        fleet.prepareAll()
        fleet.updateNext()
        fleet.updateNext()
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .succeeded)
    }

    @Test("Without approvals a host whose order has expired in a long pause gets a new one, and nobody is asked")
    func expiredWithoutApprovals() throws {
        var fleet = try Fleet(2)
        fleet.muster()
        fleet.prepareAll()
        fleet.refuseNext(.orderExpired) { if case .activate = $0 { true } else { false } }
        #expect(fleet.asks == 0)
        fleet.prepareAll()
        fleet.updateNext()
        fleet.updateNext()
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .succeeded)
    }

    @Test("A coordinator that was started anew waits for the same order, with the people who have approved it")
    func resumed() throws {
        var fleet = try fleet(approvals: 2)
        let order = try order("a")
        asked(&fleet, order)
        fleet.tell(yes("bob", order))
        try fleet.restart()
        #expect(fleet.asks == 1)
        #expect(fleet.machine.watchedOrder?.order == order.digest)
        #expect(fleet.machine.watchedOrder?.until == order.approveBy)
        fleet.tell(yes("carol", order))
        #expect(fleet.sent.count == 3)
        #expect(fleet.machine.watchedOrder?.until == order.validUntil)
    }

    @Test("A coordinator that died before the order was kept asks anew")
    func resumedUnasked() throws {
        var fleet = try fleet()
        fleet.muster()
        fleet.prepareAll()
        try fleet.restart()
        #expect(fleet.asks == 2)
    }

    @Test("An abort while people are asked changes nothing and gives the hosts back")
    func aborted() throws {
        var fleet = try fleet()
        asked(&fleet, try order("a"))
        fleet.tell(.operatorSaid(.abort(reason: "not today")))
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .aborted)
        #expect(fleet.results() == [.untouched, .untouched, .untouched])
    }

    @Test("What is approved while paused waits for the pause to end")
    func paused() throws {
        var fleet = try fleet()
        let order = try order("a")
        asked(&fleet, order)
        fleet.tell(.operatorSaid(.pause(reason: nil)))
        #expect(fleet.stood?.outcome == .paused)
        fleet.tell(yes("bob", order))
        #expect(fleet.sent.isEmpty)
        fleet.tell(.operatorSaid(.resume(floor: nil, reason: nil)))
        #expect(fleet.sent.count == 3)
    }

    @Test("A host that is left out while people are asked stays out")
    func skipped() throws {
        var fleet = try fleet()
        let order = try order("a")
        asked(&fleet, order)
        fleet.tell(.operatorSaid(.skip(host: 2, reason: "disk")))
        fleet.tell(yes("bob", order))
        #expect(fleet.sent.count == 2)
    }

    @Test("A canary that falls ill while the next order is waited for takes everything back")
    func illWhileWaiting() throws {
        var fleet = try fleet(3)
        let order = try order("a")
        asked(&fleet, order)
        fleet.tell(yes("bob", order))
        fleet.prepareAll()
        fleet.updateNext()
        fleet.tell(.orderLapsed(order: order.digest))
        fleet.updateNext()
        #expect(fleet.machine.view.phase == .awaitingApproval(stage: 1))
        fleet.report(0, health: .unhealthy(reason: "status 500"))
        #expect(fleet.machine.view.phase == .rollingBack)
    }

    @Test("An order stands for its release until the rollout goes back from it")
    func standing() throws {
        let order = try order("a")
        var fleet = try fleet()
        #expect(fleet.machine.standingOrder == nil)
        asked(&fleet, order)
        #expect(fleet.machine.standingOrder == order.digest)
        fleet.tell(yes("bob", order))
        fleet.prepareAll()
        #expect(fleet.machine.standingOrder == order.digest)
        var good = fleet
        for _ in 0..<3 {
            good.updateNext()
            good.prepareAll()
        }
        #expect(good.summary?.outcome == .succeeded)
        #expect(good.machine.standingOrder == order.digest)
        fleet.failNext()
        #expect(fleet.machine.standingOrder == nil)
        // Paused after a failed canary it goes nowhere, but no further host gets the release either.
        var paused = try Fleet(3) { environment in
            environment.approvals = 1
            environment.onFailure = .pause
        }
        asked(&paused, order)
        paused.tell(yes("bob", order))
        paused.prepareAll()
        paused.failNext()
        #expect(paused.machine.view.pause != nil)
        #expect(paused.machine.standingOrder == nil)
        var aborted = try self.fleet()
        asked(&aborted, order)
        aborted.tell(.operatorSaid(.abort(reason: "no")))
        #expect(aborted.machine.standingOrder == nil)
    }

    @Test("Who only catches up with what was approved asks nobody, and the plan says whose approvals count")
    func catchUp() throws {
        var request = try PlanFixture.request(PlanFixture.environment(PlanFixture.hosts(3)))
        request.environment.approvals = 2
        request.catchUp = StandingOrder(rollout: try fleet().machine.id, order: try order("a").digest)
        let plan = try Planner.plan(request)
        #expect(plan.approvals == 0 && plan.limits.approveWithin == nil)
        #expect(plan.catchUp == request.catchUp)
        #expect(PlanText(plan).text.contains("approvals those of R7, whose order is caught up with"))
    }
}
