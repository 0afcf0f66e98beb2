import Model
import Rollout
import Testing

struct ForecastTests {
    private func result(_ seconds: Int64?, _ kind: HostResult.Kind = .updated) throws -> HostResult {
        try HostResult(
            host: HostID(parsing: "web-1"),
            result: kind,
            release: nil,
            took: seconds.map { .seconds($0) }
        )
    }

    private func plan(floor: Int, window: Int, rest: Quantity? = nil) throws -> Plan {
        let canary = StagePolicy(selection: .canary(.count(1)), bake: .minutes(10))
        let environment = try PlanFixture.environment(
            PlanFixture.hosts(10),
            capacity: CapacityPolicy(floor: .count(floor), window: .count(window)),
            stages: [canary, StagePolicy(selection: .rest, floor: rest, bake: .minutes(1))]
        )
        return try Planner.plan(PlanFixture.request(environment))
    }

    @Test("Hosts take their turns by window, bakes come on top")
    func turns() throws {
        let past = try [result(30), result(10), result(20), result(nil), result(500, .failed)]
        let forecast = try #require(Forecast(try plan(floor: 6, window: 3), past: past))
        #expect(forecast.host == .seconds(20) && forecast.sample == 3)
        #expect(forecast.bakes == .minutes(11))
        // The canary, then nine hosts in three turns.
        #expect(forecast.span == .minutes(11) + .seconds(80))
        #expect(forecast.words == "about 12m20s: a host takes 20s (median of 3), bakes 11m")
    }

    @Test("No more hosts change at once than the floor allows, that of the environment or of the stage")
    func floor() throws {
        let forecast = try #require(Forecast(try plan(floor: 8, window: 3), past: [try result(20)]))
        #expect(forecast.span == .minutes(11) + .seconds(20 + 5 * 20))
        let oneByOne = try #require(Forecast(try plan(floor: 6, window: 3, rest: .percent(90)), past: [try result(20)]))
        #expect(oneByOne.span == .minutes(11) + .seconds(20 + 9 * 20))
    }

    @Test("Where nobody knows, nothing is said", arguments: [HostResult.Kind.failed, .untouched])
    func unknown(_ kind: HostResult.Kind) throws {
        #expect(Forecast(try plan(floor: 8, window: 2), past: [try result(20, kind)]) == nil)
    }
}
