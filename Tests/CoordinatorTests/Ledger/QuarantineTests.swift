import Model
import Rollout
import Testing
import Trust

@testable import Coordinator

/// An artifact that was taken back on evidence of its own is not taken again by accident.
struct QuarantineTests {
    private static let evidence = [
        ArtifactEvidence(
            host: HostID(validated: "web-1"),
            failure: Failure(.checkFailed, "status 500, expected 200", evidence: ["boom"])
        )
    ]

    @Test("It is recorded with its evidence, and cleared by the rollout that confirms it after all")
    func recorded() async throws {
        let fixture = try RolloutFixture(hosts: 2)
        let plan = fixture.plan
        #expect(try await fixture.ledger.objection(to: fixture.release, as: plan.target) == nil)
        let first = try await fixture.open()
        try await fixture.ledger.end(first, as: .rolledBack, against: Self.evidence)

        let found = try #require(try await fixture.ledger.objection(to: fixture.release, as: plan.target))
        #expect(found.rollout == first.id && found.evidence == Self.evidence && found.release == plan.target)
        #expect(found.description.contains("1.4.2 is quarantined in production"))
        #expect(found.description.contains("R1 took it back, web-1: status 500"))
        // Another environment has seen nothing.
        var elsewhere = fixture.release
        elsewhere.environment = EnvironmentName(validated: "staging")
        #expect(try await fixture.ledger.objection(to: elsewhere, as: plan.target) == nil)

        let second = try await fixture.open()
        try await fixture.ledger.end(second, as: .succeeded)
        #expect(try await fixture.ledger.quarantine(plan.service, plan.environment).isEmpty)
        let kinds = try await fixture.ledger.records(of: first.id).map(\.kind)
        #expect(kinds.last == .artifactQuarantined)
        #expect(try await fixture.ledger.records(of: second.id).map(\.kind).contains(.artifactCleared))
    }

    @Test(
        "What is confirmed is never in the way, nor is an artifact to blame that is confirmed with other configuration"
    )
    func confirmed() async throws {
        let fixture = try RolloutFixture(hosts: 2)
        try await fixture.ledger.end(try await fixture.open(), as: .succeeded)
        // The same artifact with another configuration fails: the artifact is not to blame.
        var plan = fixture.plan
        plan.previous = plan.target
        plan.release?.config = [try ConfigEntry(key: "MODE", value: "broken")]
        plan.target = ReleaseID(version: plan.target.version, digest: try #require(try plan.release?.digest()))
        let id = try await fixture.ledger.open(plan, by: "alice@laptop", at: RolloutFixture.now)
        let other = try #require(try await fixture.ledger.rollout(id.number))
        try await fixture.ledger.end(other, as: .rolledBack, against: Self.evidence)
        #expect(try await fixture.ledger.quarantine(plan.service, plan.environment).isEmpty)
        #expect(try await fixture.ledger.objection(to: fixture.release, as: fixture.plan.target) == nil)
    }

    @Test("A plan is refused without --again and names the quarantine with it; the way back is open")
    func planned() async throws {
        let scratch = try ScratchWorkspace()
        try scratch.setUp()
        let bench = Workbench(scratch.workspace, logger: TestLog.silent)
        let desk = LocalDesk(bench)
        let ledger = try await bench.ledger()
        func request(_ policy: QuarantinePolicy?, _ reason: String? = nil) -> DeploymentRequest {
            DeploymentRequest(
                service: ServiceName(validated: "hello"),
                environment: EnvironmentName(validated: "dev"),
                reason: reason,
                quarantine: policy
            )
        }
        func deploy(_ path: String, _ request: DeploymentRequest) -> Change {
            Change(.deploy(ArtifactRequest(service: request.service, subject: .directory(path))), request)
        }
        let good = try scratch.makeRelease("good", content: "good")
        let bad = try scratch.makeRelease("bad", content: "bad")
        let first = try await desk.open(try await desk.propose(deploy(good, request(nil))).plan.digest())
        try await ledger.end(first, as: .succeeded)
        let proposed = try await desk.propose(deploy(bad, request(nil))).plan
        let second = try await desk.open(try proposed.digest())
        try await ledger.end(second, as: .rolledBack, against: Self.evidence)

        for refused in [request(nil, "I am sure"), request(.refuse, "I am sure"), request(.again)] {
            let error = await #expect(throws: CoordinatorError.self) { try await desk.propose(deploy(bad, refused)) }
            #expect(error?.code == .quarantined)
            #expect(error?.advice.contains("R2 took it back") == true)
        }
        let plan = try await desk.propose(deploy(bad, request(.again, "the database was to blame"))).plan
        #expect(plan.again == second.id)
        #expect(try plan.digest() != proposed.digest())
        #expect(PlanText(plan).text.contains("again     R2 took it back"))
        // Neither what is confirmed nor a restart of it is anybody's evidence.
        #expect(try await desk.propose(deploy(good, request(nil))).plan.again == nil)
        #expect(try await desk.propose(Change(.restart, request(nil))).plan.again == nil)
        let third = try await desk.open(try plan.digest())
        #expect(third.plan.again == second.id)
    }

    @Test("A plan that was shown before its artifact was quarantined is not opened after")
    func overtaken() async throws {
        let scratch = try ScratchWorkspace()
        try scratch.setUp()
        let bench = Workbench(scratch.workspace, logger: TestLog.silent)
        let desk = LocalDesk(bench)
        let request = DeploymentRequest(
            service: ServiceName(validated: "hello"),
            environment: EnvironmentName(validated: "dev")
        )
        let tree = ArtifactRequest.Subject.directory(try scratch.makeRelease("bad", content: "bad"))
        let change = Change(.deploy(ArtifactRequest(service: request.service, subject: tree)), request)
        let first = try await desk.propose(change).plan
        var other = request
        other.reason = "another plan of the same"
        let second = try await desk.propose(Change(change.kind, other)).plan
        let rollout = try await desk.open(try first.digest())
        try await bench.ledger().end(rollout, as: .rolledBack, against: Self.evidence)
        let error = await #expect(throws: CoordinatorError.self) { try await desk.open(try second.digest()) }
        #expect(error?.code == .quarantined)
    }
}
