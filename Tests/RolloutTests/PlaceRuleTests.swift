import Model
import Rollout
import Testing

/// Floors and windows of regions and zones, on top of those of the environment.
struct PlaceRuleTests {
    /// Two regions of four hosts with two zones each, and every host of the plan in one stage.
    private func fleet(_ rules: [CapacityPolicy.PlaceRule]) throws -> Fleet {
        let hosts = try PlanFixture.hosts(
            8,
            region: { $0 <= 4 ? "eu" : "us" },
            zone: { ($0 - 1) / 2 % 2 == 0 ? "a" : "b" }
        )
        let capacity = CapacityPolicy(floor: .count(0), window: .count(8), places: rules)
        let environment = try PlanFixture.environment(
            hosts,
            capacity: capacity,
            stages: [StagePolicy(selection: .rest)]
        )
        let plan = try Planner.plan(PlanFixture.request(environment))
        var fleet = try Fleet(plan, before: plan.previous)
        fleet.muster()
        fleet.prepareAll()
        return fleet
    }

    private let eu = Place.region(RegionName(validated: "eu"))
    private let a = Place.zone(ZoneName(validated: "a"))

    struct Row: CustomTestStringConvertible, Sendable {
        let floor: Int?
        let window: Int?
        let region: Int?
        let started: [Int]
        var testDescription: String {
            "zone floor \(floor ?? 0), window \(window ?? 0), region floor \(region ?? 0): \(started)"
        }
    }

    @Test(
        "A host leaves only if its region and its zone both allow it",
        arguments: [
            Row(floor: nil, window: nil, region: 3, started: [0, 4, 5, 6, 7]),
            Row(floor: 3, window: nil, region: nil, started: [0, 2, 3, 6, 7]),
            Row(floor: 3, window: nil, region: 2, started: [0, 2, 6, 7]),
            Row(floor: nil, window: 1, region: 3, started: [0, 6, 7]),
            Row(floor: nil, window: 2, region: 0, started: [0, 1, 2, 3, 6, 7]),
        ]
    )
    func bothHold(_ row: Row) throws {
        let zone = CapacityPolicy.PlaceRule(
            place: a,
            floor: row.floor.map { .count($0) },
            window: row.window.map { .count($0) }
        )
        let region = CapacityPolicy.PlaceRule(place: eu, floor: row.region.map { .count($0) }, window: nil)
        #expect(try fleet([zone, region]).started.sorted() == row.started)
    }

    @Test("Regions that go at once each have the window for themselves; the floor holds over both")
    func together() throws {
        func started(window: Quantity, floor: Int = 0, rules: [CapacityPolicy.PlaceRule] = []) throws -> [Int] {
            let hosts = try PlanFixture.hosts(8, region: { $0 <= 5 ? "eu" : "us" })
            let environment = try PlanFixture.environment(
                hosts,
                capacity: CapacityPolicy(floor: .count(floor), window: .count(1), places: rules),
                stages: [StagePolicy(selection: .regions(.together), window: window)]
            )
            let plan = try Planner.plan(PlanFixture.request(environment))
            var fleet = try Fleet(plan, before: plan.previous)
            fleet.muster()
            fleet.prepareAll()
            return fleet.started.sorted()
        }
        #expect(try started(window: .count(1)) == [0, 5])
        #expect(try started(window: .count(2)) == [0, 1, 5, 6])
        // Two of five, one of three.
        #expect(try started(window: .percent(40)) == [0, 1, 5])
        #expect(try started(window: .count(2), floor: 5) == [0, 1, 5])
        let rule = CapacityPolicy.PlaceRule(place: eu, floor: nil, window: .count(1))
        #expect(try started(window: .count(2), rules: [rule]) == [0, 5, 6])
    }

    @Test("What a region waits for is said by its name")
    func arithmetic() throws {
        let rule = CapacityPolicy.PlaceRule(place: eu, floor: .count(3), window: nil)
        let fleet = try fleet([rule])
        #expect(fleet.machine.view.why.hasSuffix("; region eu: 3 of 4 in service, floor 3"))
    }
}
