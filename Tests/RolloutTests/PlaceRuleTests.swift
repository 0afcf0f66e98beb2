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

    @Test("What a region waits for is said by its name")
    func arithmetic() throws {
        let rule = CapacityPolicy.PlaceRule(place: eu, floor: .count(3), window: nil)
        let fleet = try fleet([rule])
        #expect(fleet.machine.view.why.hasSuffix("; region eu: 3 of 4 in service, floor 3"))
    }
}
