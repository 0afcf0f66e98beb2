import Configuration
import Model
import Rollout
import Testing
import Trust

@testable import Coordinator

/// Rollouts of several services that have to do with each other, as a desk plans and opens them.
struct ConcurrencyTests {
    /// A workspace with two services on the same hosts, where `web` comes after `api`, and one elsewhere.
    private struct Scene {
        let scratch: ScratchWorkspace
        let bench: Workbench
        let desk: LocalDesk

        init() throws {
            scratch = try ScratchWorkspace(
                fleetFile: """
                    fleet: scratch
                    services:
                      api: {environments: {live: {hosts: [h1, h2]}, test: {hosts: [t1]}}}
                      web: {environments: {live: {hosts: [h2, h3], after: [api]}, test: {hosts: [t2]}}}
                      db: {environments: {live: {hosts: [h2, h4]}}}

                    """
            )
            try scratch.setUp()
            bench = Workbench(scratch.workspace, logger: TestLog.silent)
            desk = LocalDesk(bench)
        }

        func change(
            _ service: String,
            _ content: String = "1",
            in environment: String = "live",
            _ more: (inout DeploymentRequest) -> Void = { _ in }
        ) throws -> Change {
            let service = ServiceName(validated: service)
            var request = DeploymentRequest(service: service, environment: EnvironmentName(validated: environment))
            more(&request)
            let tree = try scratch.makeRelease("\(service)-\(content)", content: content, service: service.text)
            return Change(.deploy(ArtifactRequest(service: service, subject: .directory(tree))), request)
        }

        func open(_ change: Change) async throws -> StoredRollout {
            try await desk.open(try await desk.propose(change).plan.digest())
        }
    }

    @Test("A plan waits for what changes its hosts and for what comes first, and says so; alongside it does not")
    func plans() async throws {
        let scene = try Scene()
        _ = try await scene.open(try scene.change("api"))
        _ = try await scene.open(try scene.change("api", in: "test"))
        let plan = try await scene.desk.propose(try scene.change("web")).plan
        #expect(plan.concurrent?.map(\.rollout.label) == ["R1"] && plan.isQueued)
        #expect(
            PlanText(plan).text.contains(
                "waits     for R1 of api in live, which changes 1 of these hosts, too, and must"
            )
        )
        #expect(try await scene.desk.propose(try scene.change("web", in: "test")).plan.concurrent == nil)
        let db = try await scene.desk.propose(try scene.change("db")).plan
        #expect(db.concurrent?.map(\.mustSucceed) == [false])
        let beside = try await scene.desk.propose(try scene.change("web") { $0.concurrency = .alongside }).plan
        #expect(!beside.isQueued && PlanText(beside).text.contains("alongside R1 of api"))
    }

    @Test("Nobody has said yes to a plan beside a rollout that has begun since")
    func since() async throws {
        let scene = try Scene()
        let plan = try await scene.desk.propose(try scene.change("web")).plan
        _ = try await scene.open(try scene.change("db"))
        let error = await #expect(throws: CoordinatorError.self) { try await scene.desk.open(try plan.digest()) }
        #expect(
            error?.code == .planUnknown && error?.advice.contains("R1 of db in live") == true,
            "\(String(describing: error))"
        )
        let again = try await scene.open(try scene.change("web"))
        #expect(again.plan.concurrent?.map(\.rollout.label) == ["R1"])
    }

    @Test("A hotfix takes the place of the rollout that it names, and of no other; its reason stands in the ledger")
    func supersedes() async throws {
        let scene = try Scene()
        func hotfix(_ number: Int, _ reason: String? = "the canary burns") throws -> Change {
            try scene.change("web", "2") {
                $0.supersedes = number
                $0.reason = reason
            }
        }
        let none = await #expect(throws: CoordinatorError.self) { try await scene.desk.propose(try hotfix(1)) }
        #expect(none?.code == .rolloutUnknown)
        let bad = try await scene.open(try scene.change("web"))
        let other = await #expect(throws: CoordinatorError.self) { try await scene.desk.propose(try hotfix(9)) }
        #expect(other?.advice.contains("R1 is") == true, "\(String(describing: other))")
        let mute = await #expect(throws: CoordinatorError.self) { try await scene.desk.propose(try hotfix(1, nil)) }
        #expect(mute?.advice.contains("--reason") == true)

        let proposal = try await scene.desk.propose(try hotfix(1))
        #expect(proposal.underWay?.isServed == false && proposal.plan.supersedes == bad.id)
        #expect(PlanText(proposal.plan).text.contains("supersedes R1, which is aborted first"))
        let fix = try await scene.desk.open(try proposal.plan.digest())
        let ended = try #require(try await scene.bench.ledger().rollout(1))
        #expect(ended.summary?.outcome == .aborted)
        // Said again by whoever was killed meanwhile, it is the rollout that is under way.
        let again = try await scene.desk.propose(try hotfix(1))
        #expect(again.underWay?.rollout.id == fix.id && again.underWay?.isServed == true)
    }

    @Test("A rollout waits with its hosts unasked until the ledger has the end of the other", .timeLimit(.minutes(1)))
    func waits() async throws {
        let fixture = try RolloutFixture(hosts: 2)
        let ledger = fixture.ledger
        var other = fixture.plan
        other.service = ServiceName(validated: "api")
        let id = try await ledger.open(other, by: "bob@laptop", at: RolloutFixture.now)
        let first = try #require(try await ledger.rollout(id.number))
        var plan = fixture.plan
        plan.concurrent = [
            ConcurrentRollout(
                rollout: id,
                service: other.service,
                environment: other.environment,
                sharedHosts: 2,
                mustSucceed: true
            )
        ]
        let number = try await ledger.open(plan, by: "alice@laptop", at: RolloutFixture.now).number
        let rollout = try #require(try await ledger.rollout(number))
        let hosts = MachineHosts(plan)
        let engine = try await fixture.engine(rollout, hosts)
        async let running = engine.run(by: "alice@laptop")
        while await engine.view.phase != .scheduled { try await Task.sleep(for: .milliseconds(10)) }
        try await Task.sleep(for: .milliseconds(600))
        #expect(await engine.view.phase == .scheduled)
        #expect(await hosts.commands == 0)
        try await ledger.end(first, as: .succeeded)
        let summary = try await running
        #expect(summary.outcome == .succeeded, "\(summary.headline)")
    }
}
