import Model
import Rollout
import Testing

/// Stages that keep more in service than the environment must.
struct StageFloorTests {
    /// Five hosts of which the environment keeps two, and the rest keeps four while it changes.
    private func fleet(onFailure: FailurePolicy = .rollback) throws -> Fleet {
        let stages = [
            StagePolicy(selection: .canary(.count(2)), window: .count(2)),
            StagePolicy(selection: .rest, floor: .percent(80)),
        ]
        var fleet = try Fleet(5, floor: 2, window: 3, stages: stages) { $0.onFailure = onFailure }
        fleet.muster()
        fleet.prepareAll()
        return fleet
    }

    @Test("Its hosts leave above its floor; those of a stage without one above that of the environment")
    func rolling() throws {
        var fleet = try fleet()
        #expect(fleet.started == [0, 1])
        #expect(fleet.machine.view.floor == 2)
        for _ in 0..<2 { fleet.updateNext() }
        #expect(fleet.started == [2])
        #expect(fleet.machine.view.floor == 4)
        fleet.updateNext()
        #expect(fleet.started == [3])
    }

    @Test("What goes back keeps the floor of the environment, by the environment's window")
    func goingBack() throws {
        var fleet = try fleet()
        for _ in 0..<4 { fleet.updateNext() }
        fleet.failNext()
        #expect(fleet.machine.view.floor == 2)
        #expect(fleet.started.count == 3)
    }

    @Test("One that blocks pauses with its arithmetic, and a reason lowers it for all that is to come")
    func lowered() throws {
        var fleet = try fleet()
        for _ in 0..<2 { fleet.switchNext() }
        fleet.tell(.lost(host: 4))
        for _ in 0..<2 { fleet.commitNext() }
        #expect(fleet.started.isEmpty)
        fleet.wait(.minutes(10), .progress)
        #expect(fleet.stood?.headline.contains("4 of 5 in service - 1 = 3 < floor 4") == true)
        fleet.tell(.operatorSaid(.resume(floor: 5, reason: "to be sure")))
        #expect(fleet.refusals == ["floor 5 is outside 0 to 4, the highest of this plan"])
        fleet.tell(.operatorSaid(.resume(floor: 1, reason: "night")))
        #expect(fleet.started == [2, 3])
        #expect(fleet.machine.view.floor == 1)
        try fleet.restart()
        #expect(fleet.machine.view.floor == 1)
    }

    @Test("Lowered for the stage, it is no higher for the way back than before")
    func loweredWayBack() throws {
        var fleet = try fleet()
        for _ in 0..<2 { fleet.updateNext() }
        fleet.tell(.operatorSaid(.pause(reason: nil)))
        fleet.tell(.operatorSaid(.resume(floor: 3, reason: "night")))
        #expect(fleet.machine.view.floor == 3)
        fleet.tell(.operatorSaid(.rollBack(reason: "morning")))
        #expect(fleet.machine.view.floor == 2)
    }

    @Test("Hosts that were away are brought without it: others have proved the release")
    func returned() throws {
        let environment = try PlanFixture.environment(
            PlanFixture.hosts(5),
            capacity: CapacityPolicy(floor: .count(2)),
            stages: [StagePolicy(selection: .rest, floor: .count(4))]
        )
        var request = try PlanFixture.request(environment)
        #expect(try Planner.plan(request).stages.map(\.floor) == [4])
        request.returned = [HostID(validated: "web-1")]
        #expect(try Planner.plan(request).stages.map(\.floor) == [nil])
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let floor: Quantity
        let planned: Int?
        var testDescription: String { "\(floor): \(planned.map { "\($0)" } ?? "the environment's")" }
    }

    /// Two heavy hosts that are a canary, and six light ones.
    private func plan(_ floor: Quantity) throws -> Plan {
        var hosts = try PlanFixture.hosts(8)
        for index in 0..<2 { hosts[index].weight = 2 }
        let environment = try PlanFixture.environment(
            hosts,
            capacity: CapacityPolicy(floor: .percent(60)),
            stages: [StagePolicy(selection: .canary(.count(2))), StagePolicy(selection: .rest, floor: floor)]
        )
        return try Planner.plan(PlanFixture.request(environment))
    }

    @Test(
        "A share is of the whole environment and rounds up; what is no more than its floor is left out of the plan",
        arguments: [
            Row(floor: .percent(90), planned: 9), Row(floor: .percent(81), planned: 9),
            Row(floor: .count(7), planned: 7),
            Row(floor: .percent(60), planned: nil), Row(floor: .count(6), planned: nil),
        ]
    )
    func planned(_ row: Row) throws {
        #expect(try plan(row.floor).stages.map(\.floor) == [nil, row.planned])
    }

    @Test("One that none of its hosts could leave is refused by the name of the stage")
    func refused() throws {
        let refusal = try #require(throws: PlanRefusal.self) { try plan(.percent(95)) }
        #expect(refusal.code == .floorUnreachable)
        #expect(
            refusal.found.hasPrefix("floor 95% = 10 of 10 in stage rest can't be kept: with a host of weight 1 away")
        )
        #expect(refusal.advice == "the nearest floor that works is 9 (90%)")
    }
}
