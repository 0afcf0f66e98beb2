import Model
import Rollout
import Testing

/// Which hosts make which stage, in which order, and how long each bakes.
struct StageTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let what: String
        var hosts = 20
        let stages: [StagePolicy]
        var bake: FallingBake?
        /// Name, number of hosts and bake of each stage.
        let expected: [String]
        var testDescription: String { what }
    }

    private static let quarters = StagePolicy.Selection.ramp([.count(1), .percent(10), .percent(50), .percent(100)])

    static let rows: [Row] = [
        Row(
            what: "a ramp over all",
            stages: [StagePolicy(selection: quarters, bake: .minutes(5))],
            expected: ["canary 1 5m", "ramp to 10% 1 5m", "ramp to 50% 8 5m", "ramp to 100% 10 5m"]
        ),
        Row(
            what: "steps of a small fleet that add nobody",
            hosts: 4,
            stages: [StagePolicy(selection: quarters)],
            expected: ["canary 1 0s", "ramp to 50% 1 0s", "ramp to 100% 2 0s"]
        ),
        Row(
            what: "a ramp after a canary is of what is left",
            hosts: 11,
            stages: [
                StagePolicy(selection: .canary(.count(1))),
                StagePolicy(selection: .ramp([.percent(20), .percent(50)])),
            ],
            expected: ["canary 1 0s", "ramp to 20% 2 0s", "ramp to 50% 3 0s", "rest 5 0s"]
        ),
        Row(
            what: "a canary by share",
            stages: [StagePolicy(selection: .canary(.percent(11)))],
            expected: ["canary 3 0s", "rest 17 0s"]
        ),
        Row(
            what: "regions by weight",
            stages: [StagePolicy(selection: .regions(.ascending))],
            // ap has one host of weight 9, eu ten of 1, us eight of 1.
            expected: ["region us 8 0s", "region ap 1 0s", "region eu 10 0s", "rest 1 0s"]
        ),
        Row(
            what: "regions at once, and what has none",
            stages: [StagePolicy(selection: .canary(.count(1))), StagePolicy(selection: .regions(.together))],
            expected: ["canary 1 0s", "regions eu, us 18 0s", "rest 1 0s"]
        ),
        Row(
            what: "regions by name at once; one of them was the canary",
            stages: [
                StagePolicy(selection: .canary(.count(1))),
                StagePolicy(
                    selection: .together(["us", "ap"].map { RegionName(validated: $0) }),
                    window: .percent(25)
                ),
            ],
            expected: ["canary 1 0s", "regions us 8 0s", "rest 11 0s"]
        ),
        Row(
            what: "hosts with a label",
            stages: [
                StagePolicy(selection: .canary(.count(1)), label: HostLabel(validated: "internal")),
                StagePolicy(selection: .rest, label: HostLabel(validated: "internal")),
            ],
            expected: ["canary 1 0s", "label internal 2 0s", "rest 17 0s"]
        ),
        Row(
            what: "bakes that fall",
            stages: [StagePolicy(selection: quarters)],
            bake: FallingBake(first: .minutes(40), least: .minutes(8)),
            expected: ["canary 1 40m", "ramp to 10% 1 20m", "ramp to 50% 8 10m", "ramp to 100% 10 8m"]
        ),
        Row(
            what: "a bake of its own counts",
            stages: [StagePolicy(selection: .canary(.count(1)), bake: .hours(2))],
            bake: FallingBake(first: .minutes(40), least: .zero),
            expected: ["canary 1 2h", "rest 19 20m"]
        ),
    ]

    private static func environment(_ row: Row) throws -> Model.Environment {
        var hosts = try PlanFixture.hosts(row.hosts) { $0 == 1 ? "ap" : $0 <= 11 ? "eu" : $0 <= 19 ? "us" : nil }
        hosts[0].weight = 9
        for index in hosts.indices where index % 7 == 2 { hosts[index].labels = [HostLabel(validated: "internal")] }
        var environment = try PlanFixture.environment(hosts, stages: row.stages)
        environment.bake = row.bake
        return environment
    }

    @Test("Stages are as written, every host is in one, and the bakes are in the plan", arguments: rows)
    func stages(_ row: Row) throws {
        let plan = try Planner.plan(PlanFixture.request(Self.environment(row)))
        #expect(plan.stages.map { "\($0.name) \($0.hosts.count) \($0.bake)" } == row.expected)
        #expect(plan.stages.flatMap(\.hosts).sorted() == Array(plan.hosts.indices))
    }

    @Test("Halves never become more, however many stages there are")
    func falling() {
        let bake = FallingBake(first: .hours(8), least: .seconds(1))
        let spans = (0..<100).map(bake.span)
        #expect(zip(spans, spans.dropFirst()).allSatisfy { $0 >= $1 })
        #expect(spans.last == .seconds(1))
    }

    @Test("Only a host with the label takes the place of a canary that is not in service")
    func standIn() throws {
        let label = HostLabel(validated: "internal")
        var fleet = try Fleet(4, floor: 1, stages: [StagePolicy(selection: .canary(.count(1)), label: label)]) {
            for index in [0, 2] { $0.hosts[index].labels = [label] }
        }
        #expect(fleet.plan.stages[0].hosts == [0])
        fleet.muster(ill: [0])
        fleet.prepareAll()
        #expect(fleet.started == [2])
    }

    @Test("A canary that was named is that host, ill or not; after it has failed nobody else gets the release")
    func namedCanary() throws {
        let name = HostID(validated: "web-3")
        var fleet = try Fleet(4, floor: 1, stages: [StagePolicy(selection: .canaries([name]))]) { $0.failureBudget = 3 }
        #expect(fleet.plan.stages.map(\.name) == [Planner.canaryName, "rest"])
        fleet.muster(ill: [2])
        fleet.prepareAll()
        #expect(fleet.started == [2])
        fleet.failNext()
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .rolledBack)
        #expect(fleet.results() == [.untouched, .untouched, .failed, .untouched])
    }

    /// Prepared, but for the one host that was to be the canary, which is off.
    private func withoutCanary() throws -> Fleet {
        var fleet = try Fleet(4, floor: 1, stages: [StagePolicy(selection: .canaries([HostID(validated: "web-1")]))]) {
            $0.offline = .skip(1)
        }
        fleet.muster(absent: [0])
        fleet.prepareAll()
        return fleet
    }

    @Test("Where no canary could be changed it pauses, and goes on without only if a person leaves it out")
    func noCanary() throws {
        var fleet = try withoutCanary()
        #expect(fleet.started.isEmpty)
        #expect(fleet.machine.view.pause?.cause == .noCanary)
        #expect(fleet.stood?.headline.hasPrefix("no canary could be changed (web-1)") == true)
        try fleet.restart(absent: [0])
        fleet.tell(.operatorSaid(.resume(floor: nil, reason: nil)))
        #expect(fleet.started.isEmpty && fleet.machine.view.why == "waits for its canary: web-1")
        fleet.wait(fleet.plan.limits.silence, .reach(host: 0))
        #expect(fleet.machine.view.pause?.cause == .noCanary)
        fleet.tell(.operatorSaid(.skip(host: 0, reason: "is broken")))
        fleet.tell(.operatorSaid(.resume(floor: nil, reason: nil)))
        #expect(fleet.started == [1])
    }

    @Test("Where a canary by number is left out, another host takes its place")
    func another() throws {
        var fleet = try Fleet(4, floor: 1, stages: [StagePolicy(selection: .canary(.count(1)))]) {
            $0.failureBudget = 3
        }
        fleet.muster()
        fleet.tell(.operatorSaid(.pause(reason: nil)))
        fleet.prepareAll()
        fleet.tell(.operatorSaid(.skip(host: 0, reason: "is broken")))
        fleet.tell(.operatorSaid(.resume(floor: nil, reason: nil)))
        #expect(fleet.started == [1])
        fleet.failNext()
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .rolledBack && fleet.started.isEmpty)
    }

    @Test("A canary that is back in time proves the release after all")
    func lateCanary() throws {
        var fleet = try withoutCanary()
        try fleet.restart(absent: [0])
        fleet.tell(.operatorSaid(.resume(floor: nil, reason: nil)))
        fleet.tell(.connected(host: 0))
        fleet.report(0)
        fleet.prepareAll()
        #expect(fleet.started == [0])
    }

    @Test("Canaries that were named and are all left out are no plan; hosts that were away need none")
    func skippedCanary() throws {
        let stages = [StagePolicy(selection: .canaries([HostID(validated: "web-1")]))]
        let environment = try PlanFixture.environment(PlanFixture.hosts(4), stages: stages)
        let skips = [SkippedHost(id: HostID(validated: "web-1"), reason: "broken")]
        var request = try PlanFixture.request(environment, skips: skips)
        let refusal = try #require(throws: PlanRefusal.self) { try Planner.plan(request) }
        #expect(refusal.found.hasPrefix("stage 1 (canary) is web-1, left out"))
        request.returned = [HostID(validated: "web-2")]
        #expect(try Planner.plan(request).stages.map(\.name) == ["rest"])
    }

    @Test("The first step of a ramp is a canary: after it has failed nobody else gets the release")
    func rampCanary() throws {
        var fleet = try Fleet(4, stages: [StagePolicy(selection: .ramp([.count(1), .percent(100)]))]) {
            $0.failureBudget = 3
        }
        fleet.muster()
        fleet.prepareAll()
        fleet.failNext()
        #expect(fleet.summary?.outcome ?? .rolledBack == .rolledBack)
        #expect(fleet.started.isEmpty)
    }
}
