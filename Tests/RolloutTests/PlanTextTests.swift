import Model
import Rollout
import TestSupport
import Testing

struct PlanTextTests {
    @Test("Plans read as recorded", arguments: ["default", "one-host", "stages"])
    func golden(_ name: String) throws {
        #expect(try Golden.difference(PlanText(plan(name)).text, "plan/\(name).txt") == nil)
    }

    private func plan(_ name: String) throws -> Plan {
        switch name {
        case "one-host": return try Planner.plan(PlanFixture.request(PlanFixture.environment(PlanFixture.hosts(1))))
        case "stages":
            let hosts = try PlanFixture.hosts(12, region: { $0 <= 9 ? "eu" : "us" }, zone: { $0 <= 6 ? "a" : "b" })
            let rule = try CapacityPolicy.PlaceRule(
                place: .zone(ZoneName(parsing: "a")),
                floor: .percent(50),
                window: .count(1)
            )
            let stages = [
                StagePolicy(selection: .canary(.count(1)), bake: .minutes(10)),
                StagePolicy(
                    selection: .region(try RegionName(parsing: "eu")),
                    window: .percent(25),
                    bake: .minutes(30)
                ),
            ]
            let capacity = CapacityPolicy(floor: .percent(80), window: .count(2), places: [rule])
            let environment = try PlanFixture.environment(hosts, capacity: capacity, stages: stages)
            return try Planner.plan(PlanFixture.request(environment))
        default: return try Planner.plan(PlanFixture.request(PlanFixture.environment(PlanFixture.hosts(3))))
        }
    }
}
