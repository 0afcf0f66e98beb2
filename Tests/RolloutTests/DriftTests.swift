import Model
import Rollout
import Testing

/// Rollouts over hosts that are not as released.
struct DriftTests {
    private static let drift = ["changed: bin/hello", "unit file web.service was changed"]

    private func fleet(_ kind: Plan.Kind = .deploy, _ policy: DriftPolicy = .refuse) throws -> Fleet {
        let environment = try PlanFixture.environment(
            PlanFixture.hosts(3),
            capacity: CapacityPolicy(floor: .count(1), window: .count(1)),
            stages: [StagePolicy(selection: .rest)]
        )
        var request = try PlanFixture.request(environment, kind: kind)
        request.previous = try PlanFixture.release("1.4.1", "a")
        request.drift = policy
        return try Fleet(try Planner.plan(request), before: request.previous)
    }

    /// Brings every host to its first report; those in `drifted` are not as released.
    private func muster(_ fleet: inout Fleet, drifted: [Int]) {
        fleet.tell(.started(holder: "alice@laptop", at: WallTime(milliseconds: 0)))
        for host in fleet.plan.hosts.indices {
            fleet.tell(.connected(host: host))
            let drift = drifted.contains(host) ? Self.drift : nil
            let facts = ServiceFacts(current: fleet.current[host], isConfirmed: true, health: .healthy, drift: drift)
            fleet.tell(.reported(host: host, facts))
        }
    }

    private func orders(_ fleet: Fleet) -> [ActivateOrder] {
        fleet.sent.compactMap { if case .send(_, _, .activate(let order)) = $0 { order } else { nil } }
    }

    @Test(
        "It is refused before anybody is claimed, with the hosts, what has drifted, and both ways on",
        arguments: [Plan.Kind.deploy, .restart]
    )
    func refused(_ kind: Plan.Kind) throws {
        var fleet = try fleet(kind)
        muster(&fleet, drifted: [0, 2])
        #expect(fleet.sent.isEmpty)
        let summary = try #require(fleet.summary)
        #expect(summary.outcome == .refused)
        for words in ["web-1, web-3", "changed: bin/hello", "fleet restart web --env production --repair-drift"] {
            #expect(summary.headline.contains(words), "\(summary.headline)")
        }
        #expect(summary.hosts[0].failure?.code == .drifted && summary.hosts[1].failure == nil)
        #expect(summary.hosts[2].failure?.message.contains("unit file") == true)
    }

    @Test("A way back is never kept waiting")
    func rollback() throws {
        var fleet = try fleet(.rollback)
        muster(&fleet, drifted: [0])
        fleet.prepareAll()
        #expect(fleet.started == [0])
        #expect(orders(fleet).map(\.drift) == [nil])
    }

    @Test("By explicit choice it repairs on the way; the choice is in the plan, its digest and its text")
    func repairs() throws {
        var repairing = try fleet(.deploy, .repair)
        #expect(repairing.plan.drift == .repair)
        #expect(try repairing.plan != fleet().plan && PlanText(repairing.plan).text.contains("not as released"))
        muster(&repairing, drifted: [1])
        repairing.prepareAll()
        #expect(orders(repairing).map(\.drift) == [.repair])
        for _ in 0..<3 { repairing.updateNext() }
        repairing.prepareAll()
        #expect(repairing.summary?.outcome == .succeeded)
    }

    @Test("A restart that repairs touches those that have drifted and no other; with none there is nothing to do")
    func restart() throws {
        var fleet = try fleet(.restart, .repair)
        for host in 0..<3 { fleet.current[host] = fleet.plan.target }
        var none = fleet
        muster(&fleet, drifted: [1])
        fleet.prepareAll()
        #expect(fleet.started == [1])
        fleet.updateNext()
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .succeeded)
        #expect(fleet.results() == [.alreadyThere, .updated, .alreadyThere])
        muster(&none, drifted: [])
        #expect(none.summary?.outcome == .succeeded && none.sent.isEmpty)
    }

    @Test("A link that somebody turned changes nothing of what the host goes back to; long lists are cut")
    func facts() throws {
        let (old, new) = (try PlanFixture.release("1.4.0", "c"), try PlanFixture.release("1.4.1", "a"))
        let artifact = Digest(bytes: [UInt8](repeating: 1, count: 32))
        var service = ServiceReport(
            service: try ServiceName(parsing: "web"),
            environment: try EnvironmentName(parsing: "production")
        )
        service.current = InstalledRelease(id: old, artifact: artifact, source: nil)
        service.expected = new
        service.drift = (1...10).map { "changed: \($0)" }
        let report = HostReport(
            host: try HostID(parsing: "web-1"),
            bootID: "b",
            agentVersion: "1",
            at: WallTime(milliseconds: 0),
            freeDisk: ByteCount(0),
            services: [service]
        )
        let facts = ServiceFacts(report, service: service.service, environment: service.environment)
        #expect(facts.current == new)
        #expect(facts.drift == ["changed: 1", "changed: 2", "changed: 3", "and 7 more"])
    }
}
