import Model
import Rollout
import Testing

/// Hours, freezes and times to start: what may begin, what is finished, and who is asked when.
struct CalendarTests {
    private static let monday = WallTime(milliseconds: 3_600_000)
    private static let night = Closure("outside of its hours", until: monday)

    private func fleet(_ count: Int = 3, approvals: Int = 0, bake: TimeSpan = .zero, gates: [Gate] = []) throws -> Fleet
    {
        let zone = TimeZoneName.utc
        let hours = ChangeHours(
            days: [.monday],
            from: try TimeOfDay(parsing: "01:00"),
            until: try TimeOfDay(parsing: "02:00"),
            timeZone: zone
        )
        let canary = StagePolicy(selection: .canary(.count(1)), bake: bake, gates: gates.map(\.name))
        return try Fleet(count, stages: [canary]) {
            $0.gates = gates
            $0.calendar = ChangeCalendar(hours: [hours])
            $0.approvals = approvals
        }
    }

    private func scheduled(_ fleet: Fleet) throws -> Fleet {
        var plan = fleet.plan
        plan.schedule = StartSchedule(at: Self.monday, expires: Self.monday + .hours(2))
        return try Fleet(plan, before: plan.previous)
    }

    private func order(_ digit: Character) throws -> AskedOrder {
        AskedOrder(
            digest: try Digest(parsing: String(repeating: digit, count: 64)),
            approveBy: Self.monday,
            validUntil: Self.monday + .hours(24)
        )
    }

    private func yes(_ order: AskedOrder) -> RolloutEvent.Word {
        .operatorSaid(.approve(Approval(order: order.digest, person: "bob", signature: [1])))
    }

    @Test("What has not been told the time begins nothing")
    func untold() throws {
        var fleet = try fleet()
        fleet.tell(.started(holder: "alice@laptop", at: WallTime(milliseconds: 0)))
        #expect(fleet.machine.view.phase == .scheduled)
        #expect(!fleet.machine.needsHosts)
        fleet.tell(.opening(.closed(Self.night)))
        #expect(fleet.machine.view.why == "holds, closed until 1970-01-01T01:00:00Z: outside of its hours")
        fleet.tell(.opening(.open))
        #expect(fleet.machine.view.phase == .mustering)
        #expect(fleet.machine.needsHosts)
    }

    @Test("A calendar that closes lets the stage under way be finished, then holds; open again, it goes on by itself")
    func holdsBetweenStages() throws {
        var fleet = try fleet()
        fleet.tell(.opening(.open))
        fleet.muster()
        fleet.prepareAll()
        #expect(fleet.started.count == 1)
        let said = fleet.tell(.opening(.closed(Self.night)))
        #expect(said == [.announce(.closed(Self.night))])
        // The canary is finished, its commit included, and no other host begins.
        fleet.updateNext()
        #expect(fleet.machine.view.phase == .baking(stage: 0))
        #expect(fleet.started.isEmpty)
        #expect(fleet.machine.view.why == "holds, closed until 1970-01-01T01:00:00Z: outside of its hours")
        #expect(fleet.tell(.opening(.open)).contains(.announce(.opened)))
        #expect(fleet.machine.view.phase == .rolling(stage: 1))
        #expect(fleet.started.count == 1)
        for _ in 0..<2 { fleet.updateNext() }
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .succeeded)
    }

    @Test("While it is closed gates are judged, and may fail; the next stage begins when it opens")
    func holdsBehindGates() throws {
        let errors = Gate(name: GateName(validated: "errors"), question: .command(["errors"]))
        var fleet = try fleet(gates: [errors])
        fleet.tell(.opening(.open))
        fleet.muster()
        fleet.prepareAll()
        fleet.tell(.opening(.closed(Self.night)))
        fleet.updateNext()
        #expect(fleet.machine.view.phase == .gating(stage: 0))
        #expect(fleet.machine.view.why.contains("gate errors"), "\(fleet.machine.view.why)")
        judge(.pass, &fleet)
        #expect(fleet.machine.view.phase == .gating(stage: 0) && fleet.started.isEmpty)
        #expect(fleet.machine.view.why == "holds, closed until 1970-01-01T01:00:00Z: outside of its hours")

        var failing = fleet
        failing.wait(errors.interval, .gate(0))
        judge(.fail, &failing)
        #expect(failing.machine.view.phase == .rollingBack)
        fleet.tell(.opening(.open))
        #expect(fleet.machine.view.phase == .rolling(stage: 1) && fleet.started.count == 1)
    }

    /// Answers the question that was asked last.
    private func judge(_ answer: GateVerdict.Answer, _ fleet: inout Fleet) {
        guard let question = fleet.questions.last else { return }
        let verdict = GateVerdict(answer, "looked at it")
        fleet.tell(.judged(gate: question.gate, stage: question.stage, number: question.number, verdict: verdict))
    }

    @Test("The last stage is finished and confirmed although it has closed")
    func finishesAtTheEnd() throws {
        var fleet = try fleet(2)
        fleet.tell(.opening(.open))
        fleet.muster()
        fleet.prepareAll()
        fleet.updateNext()
        fleet.tell(.opening(.closed(Self.night)))
        fleet.updateNext()
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .succeeded)
    }

    @Test("Hosts of a stage that was begun go on one after the other while it is closed")
    func finishesTheStage() throws {
        var fleet = try fleet(4)
        fleet.tell(.opening(.open))
        fleet.muster()
        fleet.prepareAll()
        fleet.updateNext()
        #expect(fleet.machine.view.phase == .rolling(stage: 1))
        fleet.tell(.opening(.closed(Self.night)))
        for _ in 0..<3 { fleet.updateNext() }
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .succeeded)
    }

    @Test("The way back waits for no calendar, nor do pause and abort")
    func wayBack() throws {
        var failing = try fleet()
        failing.tell(.opening(.open))
        failing.muster()
        failing.prepareAll()
        failing.updateNext()
        failing.tell(.opening(.closed(Self.night)))
        failing.updateNext()
        failing.failNext()
        #expect(failing.machine.view.phase == .rollingBack)
        #expect(failing.started.count == 1)

        var held = try fleet()
        held.tell(.opening(.open))
        held.muster()
        held.prepareAll()
        held.tell(.opening(.closed(Self.night)))
        held.updateNext()
        held.tell(.operatorSaid(.pause(reason: nil)))
        #expect(held.stood?.outcome == .paused)
        held.tell(.opening(.open))
        #expect(held.started.isEmpty)
        held.tell(.opening(.closed(Self.night)))
        held.tell(.operatorSaid(.resume(floor: nil, reason: nil)))
        #expect(held.started.isEmpty)
        held.tell(.operatorSaid(.rollBack(reason: "enough")))
        #expect(held.started.count == 1)
    }

    @Test("A bake whose timer came late is over, and survives the ledger while the rollout holds")
    func lateTimer() throws {
        var fleet = try fleet(bake: .seconds(10))
        fleet.tell(.opening(.open))
        fleet.muster()
        fleet.prepareAll()
        fleet.updateNext()
        fleet.tell(.opening(.closed(Self.night)))
        fleet.wait(.milliseconds(10_004), .bake)
        #expect(fleet.machine.view.why.hasPrefix("holds, closed until"))
        try fleet.restart()
        fleet.tell(.opening(.open))
        #expect(fleet.machine.view.phase == .rolling(stage: 1))
    }

    @Test("A coordinator that is started anew holds until it is told the time")
    func restarted() throws {
        var fleet = try fleet()
        fleet.tell(.opening(.open))
        fleet.muster()
        fleet.prepareAll()
        fleet.tell(.opening(.closed(Self.night)))
        fleet.updateNext()
        try fleet.restart()
        #expect(fleet.machine.view.phase == .baking(stage: 0))
        #expect(fleet.started.isEmpty)
        fleet.tell(.opening(.open))
        #expect(fleet.started.count == 1)
    }

    @Test("The time for progress does not run while it holds, whatever becomes of hosts")
    func progress() throws {
        var fleet = try fleet()
        fleet.tell(.opening(.open))
        fleet.muster()
        fleet.prepareAll()
        fleet.tell(.opening(.closed(Self.night)))
        let switched = fleet.switchNext()
        let host = try #require(switched)
        fleet.commitNext()
        fleet.tell(.lost(host: host))
        let span = fleet.plan.limits.progressDeadline
        fleet.wait(span, .progress)
        #expect(fleet.machine.view.pause == nil)
        fleet.tell(.connected(host: host))
        fleet.report(host)
        fleet.tell(.opening(.open))
        #expect(fleet.machine.view.phase == .rolling(stage: 1))
    }

    @Test("A start that is scheduled asks nothing of anybody before its time, and ends refused when that is over")
    func schedule() throws {
        var fleet = try scheduled(fleet())
        let waits = Closure("is to start at \(Self.monday)", until: Self.monday)
        fleet.tell(.opening(.closed(waits)))
        fleet.muster()
        #expect(fleet.machine.view.phase == .scheduled)
        #expect(fleet.sent.isEmpty)
        #expect(fleet.machine.expiry == Self.monday + .hours(2))
        var late = fleet
        fleet.tell(.opening(.open))
        fleet.prepareAll()
        #expect(fleet.started.count == 1)
        #expect(fleet.machine.expiry == nil)
        #expect(fleet.tell(.scheduleExpired).isEmpty)

        late.tell(.scheduleExpired)
        #expect(late.summary?.outcome == .refused)
        let headline = late.summary?.headline ?? ""
        #expect(headline.contains("was to start at 1970-01-01T01:00:00Z, by 1970-01-01T03:00:00Z at the latest"))
        #expect(late.sent.isEmpty)
    }

    @Test("What expires gives back what it has claimed, paused or not")
    func expiresClaimed() throws {
        var fleet = try scheduled(fleet(approvals: 1))
        fleet.tell(.opening(.near(Self.night)))
        fleet.muster()
        fleet.prepareAll()
        fleet.tell(.asked(try order("a")))
        fleet.tell(.operatorSaid(.pause(reason: nil)))
        fleet.tell(.scheduleExpired)
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .refused)
        #expect(fleet.summary?.hosts.allSatisfy { $0.result == .untouched } == true)
    }

    @Test("People are asked when it opens within the time that they have; hosts prepare then, and switch when it opens")
    func asksInTime() throws {
        var fleet = try scheduled(fleet(approvals: 1))
        fleet.tell(.opening(.closed(Self.night)))
        fleet.muster()
        #expect(fleet.machine.view.phase == .scheduled)
        fleet.tell(.opening(.near(Self.night)))
        fleet.prepareAll()
        #expect(fleet.asks == 1)
        let order = try order("a")
        fleet.tell(.asked(order))
        fleet.tell(yes(order))
        fleet.prepareAll()
        #expect(fleet.machine.view.phase == .preparing)
        #expect(fleet.started.isEmpty)
        fleet.tell(.opening(.open))
        #expect(fleet.started.count == 1)
    }

    @Test("An order that lapses while it is closed is asked about anew when it opens soon, and not before")
    func lapsesWhileClosed() throws {
        var fleet = try fleet(approvals: 1)
        fleet.tell(.opening(.open))
        fleet.muster()
        fleet.prepareAll()
        let (first, second) = (try order("a"), try order("b"))
        fleet.tell(.asked(first))
        fleet.tell(.opening(.closed(Self.night)))
        fleet.tell(.orderLapsed(order: first.digest))
        #expect(fleet.asks == 1)
        fleet.tell(.operatorSaid(.approve(Approval(order: first.digest, person: "bob", signature: [1]))))
        #expect(fleet.refusals.last?.contains("waits for no approval now") == true)
        fleet.tell(.opening(.near(Self.night)))
        #expect(fleet.asks == 2)
        fleet.tell(.asked(second))
        fleet.tell(yes(second))
        fleet.prepareAll()
        #expect(fleet.started.isEmpty)
        fleet.tell(.opening(.open))
        #expect(fleet.started.count == 1)
    }

    @Test("Hosts of a stage whose order has lapsed begin again only while it is open")
    func lapsesInStage() throws {
        var fleet = try fleet(4, approvals: 1)
        fleet.tell(.opening(.open))
        fleet.muster()
        fleet.prepareAll()
        let (first, second) = (try order("a"), try order("b"))
        fleet.tell(.asked(first))
        fleet.tell(yes(first))
        fleet.prepareAll()
        fleet.updateNext()
        fleet.updateNext()
        fleet.tell(.opening(.near(Self.night)))
        fleet.tell(.orderLapsed(order: first.digest))
        fleet.updateNext()
        #expect(fleet.machine.view.phase == .awaitingApproval(stage: 1))
        fleet.tell(.asked(second))
        fleet.tell(yes(second))
        #expect(fleet.machine.view.phase == .awaitingApproval(stage: 1))
        // What was given counts for as long as hosts may switch under it.
        #expect(fleet.machine.watchedOrder?.until == second.validUntil)
        fleet.tell(.opening(.open))
        #expect(fleet.machine.view.phase == .rolling(stage: 1))
    }

    @Test("A plan that is carried out whatever the calendar says waits for nothing, and says so to whoever reads it")
    func whileClosed() throws {
        var plan = try fleet().plan
        plan.whileClosed = Self.night.description
        plan.reason = "CVE-2026-1"
        var fleet = try Fleet(plan, before: plan.previous)
        fleet.muster()
        fleet.prepareAll()
        #expect(fleet.started.count == 1)
        #expect(
            PlanText(plan).lines.contains(
                "  CLOSED    closed until 1970-01-01T01:00:00Z: outside of its hours; carried out all the same"
            )
        )
    }

    @Test("Only what brings a new release obeys the calendar", arguments: [Plan.Kind.rollback, .restart])
    func kinds(_ kind: Plan.Kind) throws {
        let calendar = try fleet().plan.calendar
        #expect(calendar != nil)
        let fleet = try Fleet(3, kind: kind) { $0.calendar = calendar ?? ChangeCalendar() }
        #expect(fleet.plan.calendar == nil)
        #expect(!fleet.plan.isTimed)
    }
}
