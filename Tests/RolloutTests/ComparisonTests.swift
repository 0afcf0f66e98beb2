import Model
import Rollout
import Testing

/// With whom a gate compares the hosts of a stage, and what plans it is refused in.
struct ComparisonTests {
    private static let errors = Gate(
        name: GateName(validated: "errors"),
        question: .comparison(
            ComparisonGate(
                url: "http://prometheus:9090",
                measure: .samples(.init(query: .hosts, range: QueryRange(over: .minutes(1)))),
                significance: .percent(1),
                tolerance: .percent(10)
            )
        )
    )
    private static let canary = StagePolicy(
        selection: .canary(.count(1)),
        bake: .minutes(1),
        gates: [GateName(validated: "errors")]
    )

    /// A fleet whose canary has baked; the hosts are in these regions.
    private func gating(regions: [String?], ill: [Int] = [], current: [Int] = []) throws -> Fleet {
        var fleet = try Fleet(regions.count, floor: 0, stages: [Self.canary]) { environment in
            environment.gates = [Self.errors]
            environment.failureBudget = 9
            for (index, region) in regions.enumerated() {
                environment.hosts[index].region = region.flatMap { RegionName($0) }
            }
        }
        for host in current { fleet.current[host] = fleet.plan.target }
        fleet.muster(ill: ill)
        fleet.prepareAll()
        fleet.updateNext()
        fleet.wait(.minutes(1), .bake)
        return fleet
    }

    @Test("Changed hosts are compared with all that are in service and do not run the release")
    func unchanged() throws {
        let fleet = try gating(regions: [nil, nil, nil, nil, nil], ill: [2], current: [3])
        #expect(fleet.questions.map(\.hosts) == [[0]])
        #expect(fleet.questions.map(\.unchanged) == [[1, 4]])
    }

    @Test("Hosts of the same region are what they are compared with, where there are any")
    func regions() throws {
        #expect(try gating(regions: ["eu", "us", "eu", "us"]).questions.map(\.unchanged) == [[2]])
        #expect(try gating(regions: ["eu", "us", "us", nil]).questions.map(\.unchanged) == [[1, 2, 3]])
    }

    @Test("Where nobody is left in service, the question has nobody to compare with")
    func nobody() throws {
        #expect(try gating(regions: [nil, nil, nil], ill: [1, 2]).questions.map(\.unchanged) == [[]])
    }

    @Test("After a restart it is asked once every host has been heard of or is known to be lost")
    func restart() throws {
        var fleet = try gating(regions: [nil, nil, nil])
        fleet.tell(.resumed)
        for host in [0, 1] {
            fleet.tell(.connected(host: host))
            fleet.report(host)
        }
        #expect(fleet.questions.count == 1)
        fleet.tell(.lost(host: 2))
        #expect(fleet.questions.map(\.unchanged) == [[1, 2], [1]])
    }

    @Test("A host that is connected and says nothing holds it up for no longer than the silence limit")
    func mute() throws {
        var fleet = try gating(regions: [nil, nil, nil])
        fleet.tell(.resumed)
        for host in 0..<3 { fleet.tell(.connected(host: host)) }
        for host in [0, 1] { fleet.report(host) }
        #expect(fleet.questions.count == 1)
        #expect(fleet.machine.view.why.contains("gate errors waits for the first word of 1 hosts"))
        fleet.wait(fleet.plan.limits.silence, .reach(host: 2))
        #expect(fleet.questions.map(\.unchanged) == [[1, 2], [1]])
        // What it says later counts all the same.
        fleet.report(2)
        #expect(fleet.machine.view.inService == 3)
    }

    private func plan(_ stages: [StagePolicy], hosts: Int = 10) throws -> Plan {
        var environment = try PlanFixture.environment(PlanFixture.hosts(hosts), stages: stages)
        environment.gates = [Self.errors]
        return try Planner.plan(PlanFixture.request(environment))
    }

    @Test("A stage after which no host is left unchanged can't be compared with any: the plan is refused")
    func last() throws {
        let gates = [Self.errors.name]
        let bake = TimeSpan.minutes(1)
        _ = try plan([Self.canary])
        _ = try plan([StagePolicy(selection: .ramp([.count(1), .percent(50)]), bake: bake, gates: gates)])
        for selection in [StagePolicy.Selection.rest, .ramp([.count(1), .percent(100)])] {
            let refusal = #expect(throws: PlanRefusal.self) {
                try plan([StagePolicy(selection: selection, bake: bake, gates: gates)])
            }
            #expect(refusal?.code == .nothingToCompare)
            #expect(refusal?.description.contains("and a stage 'rest: true' without it follow") == true)
        }
        // A fleet of one host has only its canary.
        #expect(throws: PlanRefusal.self) { try plan([Self.canary], hosts: 1) }
    }

    @Test("A gate that looks back further than its stage bakes would judge the release before: the plan is refused")
    func shortBake() throws {
        var stage = Self.canary
        stage.bake = .seconds(59)
        let refusal = #expect(throws: PlanRefusal.self) { try plan([stage]) }
        #expect(refusal?.code == .shortBake)
        #expect(refusal?.found == "gate errors looks at 1m, and stage canary bakes 59s: it would see what ran before")
    }

    @Test("Memory and CPU of units are compared, too; what is asked of another service stands in the plan")
    func others() throws {
        var gate = Self.errors
        gate.question = .systemd(SystemdGate(maxMemory: .percent(150)))
        #expect(gate.comparesHosts)
        gate.question = .systemd(SystemdGate(maxErrorLines: 0))
        #expect(!gate.comparesHosts)
        let service = try ServiceName(parsing: "api")
        gate.question = .service(ServiceGate(service: service, names: [gate.name]))
        var environment = try PlanFixture.environment(PlanFixture.hosts(3), stages: [Self.canary])
        environment.gates = [gate]
        let refusal = #expect(throws: PlanRefusal.self) { try Planner.plan(PlanFixture.request(environment)) }
        #expect(refusal?.code == .unknownGate)
        let inner = Gate(name: gate.name, question: .command(["errors"]))
        let resolved = ServiceGate.Resolved(hosts: environment.hosts.map(\.id), gates: [inner])
        environment.gates[0].question = .service(
            ServiceGate(service: service, names: [gate.name], resolved: resolved)
        )
        let lines = PlanText(try Planner.plan(PlanFixture.request(environment))).lines
        #expect(
            lines.contains { $0.contains("gate errors of service api passes: 'errors' ends with 0; fails") },
            "\(lines)"
        )
    }

    @Test("A plan says what is compared, and how")
    func text() throws {
        let lines = PlanText(try plan([Self.canary])).lines
        let demand = "$hosts over 1m, every 1s, is on changed hosts not more than 10% above that on unchanged ones"
        #expect(lines.contains { $0.contains(demand) }, "\(lines)")
    }
}
