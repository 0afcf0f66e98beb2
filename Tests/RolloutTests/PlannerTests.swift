import Model
import Rollout
import Testing

struct PlannerTests {
    @Test(
        "A plan says which variables it changes, whichever way it goes; a restart changes none",
        arguments: [Plan.Kind.deploy, .rollback]
    )
    func variables(_ kind: Plan.Kind) throws {
        var request = try PlanFixture.request(PlanFixture.environment(PlanFixture.hosts(2)), kind: kind)
        request.release = try PlanFixture.request(request.environment).release
        request.release?.config = [try ConfigEntry(key: "LEVEL", value: "info")]
        #expect(try Planner.plan(request).variables == nil)
        request.previousRelease = request.release
        #expect(try Planner.plan(request).variables == nil)
        let silent = try Planner.plan(request)
        request.previousRelease?.config = [try ConfigEntry(key: "LEVEL", value: "debug")]
        let plan = try Planner.plan(request)
        #expect(plan.variables?.map(\.description) == ["LEVEL: debug -> info"])
        #expect(PlanText(plan).text.contains("\n  config    LEVEL: debug -> info\n") && plan != silent)
        request.release = nil
        #expect(try Planner.plan(request).variables == nil)
    }

    @Test("A service that takes its time gets it, and one that is quick is not waited for longer than usual")
    func givesTime() throws {
        var request = try PlanFixture.request(PlanFixture.environment(PlanFixture.hosts(2)))
        #expect(try Planner.plan(request).limits.activateTimeout == .minutes(5))
        request.spec = ServiceSpec(service: request.environment.service, unit: .absent, healthyFor: .seconds(10))
        #expect(try Planner.plan(request).limits.activateTimeout == .minutes(5))
        request.spec = ServiceSpec(service: request.environment.service, unit: .absent, healthyFor: .minutes(20))
        let limits = try Planner.plan(request).limits
        #expect(limits.activateTimeout > .minutes(20))
        #expect(limits.progressDeadline > limits.activateTimeout)
        request.spec?.copies = (1...8).map { InstanceName(validated: "\($0)") }
        let more = try Planner.plan(request).limits
        #expect(more.activateTimeout - limits.activateTimeout == .minutes(14))
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let hosts: Int
        let floor: Quantity?
        let window: Quantity?
        let expected: [Int]
        var testDescription: String { "\(hosts) hosts, floor \(floor.map(\.description) ?? "-")" }
    }

    @Test(
        "Floors are rounded up, windows down and at least 1",
        arguments: [
            Row(hosts: 1, floor: nil, window: nil, expected: [0, 1]),
            Row(hosts: 5, floor: nil, window: nil, expected: [4, 1]),
            Row(hosts: 10, floor: .percent(80), window: .percent(25), expected: [8, 2]),
            Row(hosts: 10, floor: .percent(85), window: .percent(9), expected: [9, 1]),
            Row(hosts: 3, floor: .percent(50), window: .count(2), expected: [2, 2]),
            Row(hosts: 4, floor: .count(0), window: .percent(100), expected: [0, 4]),
        ]
    )
    func capacity(_ row: Row) throws {
        let policy = CapacityPolicy(floor: row.floor, window: row.window)
        let environment = try PlanFixture.environment(PlanFixture.hosts(row.hosts), capacity: policy)
        let capacity = try Planner.plan(PlanFixture.request(environment)).capacity
        #expect([capacity.floor, capacity.window] == row.expected)
        #expect(capacity.total == row.hosts)
    }

    struct Refused: CustomTestStringConvertible, Sendable {
        let hosts: Int
        let floor: Quantity
        let nearest: String
        var testDescription: String { "\(floor) of \(hosts)" }
    }

    @Test(
        "A floor that can't be kept is refused with the nearest one that works",
        arguments: [
            Refused(hosts: 10, floor: .percent(95), nearest: "9 (90%)"),
            Refused(hosts: 3, floor: .percent(80), nearest: "2 (66%)"),
            Refused(hosts: 1, floor: .count(1), nearest: "0 (0%)"),
        ]
    )
    func refusedFloor(_ row: Refused) throws {
        let policy = CapacityPolicy(floor: row.floor)
        let environment = try PlanFixture.environment(PlanFixture.hosts(row.hosts), capacity: policy)
        let refusal = try #require(throws: PlanRefusal.self) { try Planner.plan(PlanFixture.request(environment)) }
        #expect(refusal.code == .floorUnreachable)
        #expect(refusal.advice.contains("floor that works is \(row.nearest)"))
    }

    @Test("A share of the weight is a window of as many hosts as never carry more, at least one")
    func weightedWindow() throws {
        var hosts = try PlanFixture.hosts(6)
        hosts[0].weight = 5
        hosts[1].weight = 3
        func window(_ percent: Int) throws -> Int {
            let policy = CapacityPolicy(floor: .count(0), window: .percent(percent))
            let environment = try PlanFixture.environment(hosts, capacity: policy)
            return try Planner.plan(PlanFixture.request(environment)).capacity.window
        }
        // 12 in all: 5, 3, 1, 1, 1, 1.
        #expect(try [10, 41, 66, 67, 75, 100].map(window) == [1, 1, 1, 2, 3, 6])
    }

    @Test("Percentages of a region or zone are of its weight, and a host can be under a rule of each")
    func places() throws {
        let eu = Place.region(try RegionName(parsing: "eu"))
        let a = Place.zone(try ZoneName(parsing: "a"))
        let rules = [
            CapacityPolicy.PlaceRule(place: a, floor: .percent(50), window: .percent(50)),
            CapacityPolicy.PlaceRule(place: eu, floor: .percent(66), window: nil),
        ]
        let hosts = try PlanFixture.hosts(9, region: { $0 <= 6 ? "eu" : "us" }, zone: { $0 <= 5 ? "a" : "b" })
        let environment = try PlanFixture.environment(hosts, capacity: CapacityPolicy(places: rules))
        let places = try Planner.plan(PlanFixture.request(environment)).capacity.places
        #expect(places.map(\.place) == [eu, a])
        #expect(places.map { [$0.total, $0.floor, $0.window] } == [[6, 4, nil], [5, 3, 2]])
    }

    @Test("A region's floor that can't be kept is refused by its name")
    func refusedRegion() throws {
        let rule = CapacityPolicy.PlaceRule(
            place: .region(try RegionName(parsing: "us")),
            floor: .percent(90),
            window: nil
        )
        let hosts = try PlanFixture.hosts(5, region: { $0 <= 3 ? "eu" : "us" })
        let environment = try PlanFixture.environment(hosts, capacity: CapacityPolicy(floor: .count(0), places: [rule]))
        let refusal = try #require(throws: PlanRefusal.self) { try Planner.plan(PlanFixture.request(environment)) }
        #expect(refusal.found.hasPrefix("floor 90% = 2 of 2 in region us can't be kept"))
        #expect(refusal.advice == "the nearest floor that works is 1 (50%)")
    }

    @Test("Without stages there is one canary and the rest")
    func defaultStages() throws {
        let plan = try Planner.plan(PlanFixture.request(PlanFixture.environment(PlanFixture.hosts(4))))
        #expect(plan.stages.map(\.name) == ["canary", "rest"])
        #expect(plan.stages.map(\.hosts) == [[0], [1, 2, 3]])
    }

    @Test("Every host is in exactly one stage and what is left over comes last")
    func stages() throws {
        let stages: [StagePolicy] = [
            StagePolicy(selection: .canary(.count(2)), bake: .minutes(10)),
            StagePolicy(selection: .region(try RegionName(parsing: "eu")), window: .percent(50), bake: .minutes(30)),
        ]
        let hosts = try PlanFixture.hosts(10, region: { $0 <= 7 ? "eu" : "us" })
        let capacity = CapacityPolicy(floor: .count(5), window: .count(3))
        let plan = try Planner.plan(
            PlanFixture.request(PlanFixture.environment(hosts, capacity: capacity, stages: stages))
        )
        #expect(plan.stages.map(\.name) == ["canary", "region eu", "rest"])
        #expect(plan.stages.map(\.hosts) == [[0, 1], [2, 3, 4, 5, 6], [7, 8, 9]])
        #expect(plan.stages.map(\.window) == [3, 2, 3])
    }

    @Test("A stage without hosts is refused by its name")
    func emptyStage() throws {
        let stages = [StagePolicy(selection: .region(try RegionName(parsing: "asia")))]
        let environment = try PlanFixture.environment(PlanFixture.hosts(3), stages: stages)
        let refusal = try #require(throws: PlanRefusal.self) { try Planner.plan(PlanFixture.request(environment)) }
        #expect(refusal.code == .emptyStage)
        #expect(refusal.found.contains("stage 1 (region asia)"))
    }

    @Test("A skipped host is in no stage, and the default floor leaves it out")
    func skip() throws {
        let skip = SkippedHost(id: try HostID(parsing: "web-5"), reason: "broken disk")
        let environment = try PlanFixture.environment(PlanFixture.hosts(5))
        let plan = try Planner.plan(PlanFixture.request(environment, skips: [skip]))
        #expect(plan.hosts.count == 4)
        #expect(plan.capacity == PlannedCapacity(total: 5, floor: 3, window: 1))
        #expect(plan.skipped == [skip])
    }

    @Test("Rollbacks and restarts have one stage without bake", arguments: [Plan.Kind.rollback, .restart])
    func oneStage(_ kind: Plan.Kind) throws {
        let stages = [StagePolicy(selection: .canary(.count(1)), bake: .hours(1))]
        let environment = try PlanFixture.environment(PlanFixture.hosts(3), stages: stages)
        let plan = try Planner.plan(PlanFixture.request(environment, kind: kind))
        #expect(plan.stages == [PlannedStage(name: "all", hosts: [0, 1, 2], window: 1, bake: .zero)])
        #expect(plan.onFailure == .pause)
    }
}
