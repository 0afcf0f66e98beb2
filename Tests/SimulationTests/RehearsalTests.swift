import Model
import Rollout
import Simulation
import Testing

struct RehearsalTests {
    private func release(_ version: String, _ digit: Character) throws -> ReleaseID {
        try ReleaseID(version: Version(parsing: version), digest: Digest(parsing: String(repeating: digit, count: 64)))
    }

    private func plan(onFailure: FailurePolicy = .rollback, gates: [Gate] = []) throws -> Plan {
        let release = try self.release("1.4.2", "d")
        let before = try self.release("1.4.1", "c")
        return Plan(
            kind: .deploy,
            fleet: FleetName(validated: "example"),
            service: ServiceName(validated: "shop"),
            environment: EnvironmentName(validated: "production"),
            target: release,
            release: Release(
                service: ServiceName(validated: "shop"),
                environment: EnvironmentName(validated: "production"),
                version: release.version,
                artifact: Artifact(digest: release.digest, size: .mebibytes(1), format: .tar)
            ),
            previous: before,
            hosts: (1...4).map { PlannedHost(id: HostID(validated: "shop-\($0)"), weight: 1, region: nil, zone: nil) },
            stages: [
                PlannedStage(
                    name: Planner.canaryName,
                    hosts: [0],
                    window: 1,
                    bake: .minutes(10),
                    gates: gates.isEmpty ? nil : gates.map(\.name)
                ),
                PlannedStage(name: "rest", hosts: [1, 2, 3], window: 1, bake: .zero),
            ],
            capacity: PlannedCapacity(total: 4, floor: 3, window: 1, places: []),
            limits: Limits(),
            onFailure: onFailure,
            approvals: 2,
            gates: gates.isEmpty ? nil : gates
        )
    }

    private func row(_ name: String, _ report: RehearsalReport) throws -> RehearsalReport.Row {
        try #require(report.rows.first { $0.trouble == name }, "\(report.rows.map(\.trouble))")
    }

    @Test("A plan is tried against everything that can go wrong, and every end of it is told")
    func report() async throws {
        let plan = try plan()
        let report = RehearsalReport(await Rehearsal(plan, of: nil, pace: nil).runs())
        #expect(report.defects.isEmpty, "\(report.defects)")
        #expect(!report.ends.keys.contains("noEnd"))

        let calm = try row("nothing goes wrong", report)
        #expect(calm.ends.map(\.end) == ["succeeded"] && calm.lowest == 3)
        #expect(calm.median > .minutes(10) && calm.median < .minutes(20))

        let bad = try row("the release fails its checks", report)
        #expect(bad.ends.map(\.end) == ["rolledBack"] && bad.lowest == 3)
        #expect(bad.ends[0].headline.contains("shop-1"), "\(bad.ends)")
        let late = try row("it fails them in stage 2 (rest) alone", report)
        #expect(late.ends.map(\.end) == ["rolledBack"] && late.median > .minutes(10))
        let away = try row("a host is off from the start", report)
        #expect(away.ends.map(\.end) == ["paused"], "\(away)")
        #expect(report.rows.count > 20 && report.runs > 100)
    }

    @Test("It is the plan's own policy that decides, and its gates are asked")
    func policy() async throws {
        let gate = Gate(
            name: GateName(validated: "errors"),
            question: .command(["look"]),
            timeout: .seconds(5),
            interval: .seconds(10),
            retries: 1,
            failureLimit: 0,
            onFail: .rollback,
            onInconclusive: .pause
        )
        let plan = try plan(onFailure: .pause, gates: [gate])
        let report = RehearsalReport(await Rehearsal(plan, of: nil, pace: nil).runs())
        #expect(report.defects.isEmpty, "\(report.defects)")
        #expect(try row("the release fails its checks", report).ends.map(\.end) == ["paused"])
        #expect(try row("gate errors fails", report).ends.map(\.end) == ["rolledBack"])
        #expect(try row("gate errors stays inconclusive", report).ends.map(\.end) == ["paused"])
    }

    @Test("A blue-green service is one in its rehearsal, too: behind load balancers that know its instances")
    func blueGreen() throws {
        var plan = try plan()
        plan.traffic = TrafficPolicy(
            loadBalancers: [LoadBalancer(address: "/run/haproxy.sock", backend: "shop", server: "{host}-{instance}")],
            drainWithin: .seconds(5),
            onSessionsLeft: .cut
        )
        let rehearsal = Rehearsal(plan, of: nil, pace: nil)
        #expect(rehearsal.run(0).end == "succeeded", "\(rehearsal.run(0))")
        let failing = rehearsal.run(15, isTracing: true)
        #expect(failing.trouble == "the release fails its checks" && failing.end == "rolledBack")
        #expect(failing.violations.isEmpty && failing.trace.contains { $0.contains("web@green.service") })
    }

    @Test("Hosts take as long as they did, and are healthy for as long as the release demands")
    func pace() throws {
        let spec = ServiceSpec(
            service: ServiceName(validated: "shop"),
            unit: .existing(UnitName(validated: "shop.service")),
            healthyFor: .minutes(1)
        )
        let quick = Rehearsal(try plan(), of: spec, pace: nil).run(0)
        let slow = Rehearsal(try plan(), of: spec, pace: .minutes(3)).run(0)
        #expect(quick.took > .minutes(14))
        #expect(slow.took > quick.took + .minutes(5))
    }

    @Test("A run is the same whenever it is asked for, and can be read line by line with the plan's own names")
    func trace() throws {
        let rehearsal = Rehearsal(try plan(), of: nil, pace: nil)
        let run = rehearsal.run(15)
        let traced = rehearsal.run(15, isTracing: true)
        #expect(run.trouble == "the release fails its checks" && run.trace.isEmpty)
        #expect((run.end, run.took, run.headline) == (traced.end, traced.took, traced.headline))
        #expect(traced.trace.contains { $0.contains("shop-1 is reverted for 1.4.2-dddddddddddd") })
    }
}
