import Configuration
import Model
import Rollout
import Testing
import Trust

@testable import Coordinator

/// Environments that take only what has proved itself in others, as a desk plans for them.
struct ProvingTests {
    private static let hello = ServiceName(validated: "hello")

    /// A workspace with three environments of a service, where production comes after the two others.
    private struct Scene {
        let scratch: ScratchWorkspace
        let bench: Workbench
        let desk: LocalDesk

        init(span: String = "1h") throws {
            scratch = try ScratchWorkspace(
                fleetFile: """
                    fleet: scratch
                    services:
                      hello:
                        environments:
                          staging: {hosts: [s1], config: {LEVEL: debug}}
                          load: {hosts: [l1]}
                          production: {hosts: [p1, p2], config: {LEVEL: info}, proven: {in: [staging, load], for: \(span)}}

                    """
            )
            try scratch.setUp()
            bench = Workbench(scratch.workspace, logger: TestLog.silent)
            desk = LocalDesk(bench)
        }

        func change(_ content: String, to environment: String, _ more: (inout DeploymentRequest) -> Void = { _ in })
            throws -> Change
        {
            let tree = ArtifactRequest.Subject.directory(try scratch.makeRelease(content, content: content))
            return change(tree, to: environment, more)
        }

        func change(
            _ subject: ArtifactRequest.Subject,
            to environment: String,
            _ more: (inout DeploymentRequest) -> Void = { _ in }
        ) -> Change {
            var request = DeploymentRequest(service: hello, environment: EnvironmentName(validated: environment))
            more(&request)
            return Change(.deploy(ArtifactRequest(service: hello, subject: subject)), request)
        }

        /// Rolls out, and lets it end so long ago.
        @discardableResult
        func succeed(_ content: String, in environment: String, ago age: TimeSpan) async throws -> StoredRollout {
            let rollout = try await open(try change(content, to: environment))
            try await bench.ledger().end(rollout, as: .succeeded, at: Self.moment(ago: age))
            return rollout
        }

        func open(_ change: Change) async throws -> StoredRollout {
            try await desk.open(try await desk.propose(change).plan.digest())
        }

        static func moment(ago age: TimeSpan) -> WallTime {
            WallTime(milliseconds: CoordinatorClock().wall.milliseconds - age.milliseconds)
        }
    }

    @Test("It is refused before it was there, by other bytes and too early, and each refusal stands in the ledger")
    func refused() async throws {
        let scene = try Scene()
        try await scene.succeed("good", in: "staging", ago: .hours(3))
        try await scene.succeed("other", in: "load", ago: .hours(3))
        let asked = try scene.change("good", to: "production")
        let missing = await #expect(throws: CoordinatorError.self) { try await scene.desk.propose(asked) }
        #expect(missing?.code == .unproven)
        #expect(missing?.advice.contains("load runs 0-") == true && missing?.advice.contains("staging runs") == false)
        #expect(missing?.advice.contains("--env load") == true && missing?.advice.contains("--unproven") == true)

        try await scene.succeed("good", in: "load", ago: .minutes(10))
        let early = await #expect(throws: CoordinatorError.self) { try await scene.desk.propose(asked) }
        #expect(early?.advice.contains("load runs it since") == true && early?.advice.contains("49m") == true)
        // What was refused stands in the ledger, too.
        let ledger = try await scene.bench.ledger()
        let refusals = try await ledger.records(of: RolloutID(ledger: ledger.id, number: 0))
            .filter { $0.kind == .rolloutRefused }
        #expect(refusals.count == 2 && refusals.allSatisfy { $0.why?.contains("artifact.unproven") == true })
    }

    @Test("The plan of what has proved itself names the rollouts by which it did")
    func proved() async throws {
        let scene = try Scene(span: "30m")
        let staged = try await scene.succeed("good", in: "staging", ago: .hours(3))
        let loaded = try await scene.succeed("good", in: "load", ago: .minutes(40))
        // That it was brought there once more makes it no younger.
        let again = try await scene.open(try scene.change("good", to: "load"))
        try await scene.bench.ledger().end(again, as: .succeeded, at: Scene.moment(ago: .minutes(1)))
        let plan = try await scene.desk.propose(try scene.change("good", to: "production")).plan
        #expect(plan.proving?.proofs.map(\.rollout) == [staged.id, loaded.id])
        #expect(plan.proving?.lacking == nil)
        #expect(PlanText(plan).text.contains("  proven    in load by R2, which ended at "))
    }

    @Test("In an emergency it goes on with a reason, which stands in the plan, its digest and the ledger")
    func emergency() async throws {
        let scene = try Scene()
        try await scene.succeed("good", in: "staging", ago: .hours(3))
        func asked(_ policy: UnprovenPolicy?, _ reason: String?) throws -> Change {
            try scene.change("good", to: "production") {
                $0.unproven = policy
                $0.reason = reason
            }
        }
        for refused in [try asked(nil, "urgent"), try asked(.refuse, "urgent"), try asked(.accept, nil)] {
            let error = await #expect(throws: CoordinatorError.self) { try await scene.desk.propose(refused) }
            #expect(error?.code == .unproven)
        }
        let plan = try await scene.desk.propose(try asked(.accept, "CVE-2026-1")).plan
        #expect(plan.proving?.proofs.map(\.environment.text) == ["staging"])
        #expect(plan.proving?.lacking == ["nothing was rolled out with success to load"])
        #expect(PlanText(plan).text.contains("  UNPROVEN  nothing was rolled out with success to load; carried out"))
        var silent = plan
        silent.proving = nil
        #expect(try plan.digest() != silent.digest())
        let rollout = try await scene.desk.open(try plan.digest())
        let opened = try await scene.bench.ledger().records(of: rollout.id).first { $0.kind == .rolloutOpened }
        #expect(opened?.unproven == plan.proving?.lacking && opened?.why == "CVE-2026-1")
    }

    @Test("What environments demand nothing, nor have, needs no proof: the way back, restarts, its own configuration")
    func exempt() async throws {
        let scene = try Scene()
        for content in ["good", "better"] {
            for environment in ["staging", "load"] {
                try await scene.succeed(content, in: environment, ago: .hours(3))
            }
            try await scene.succeed(content, in: "production", ago: .hours(2))
        }
        try await scene.succeed("worst", in: "staging", ago: .hours(1))
        let request = try scene.change("better", to: "production").request
        #expect(try await scene.desk.propose(Change(.rollback(to: nil), request)).plan.proving == nil)
        #expect(try await scene.desk.propose(Change(.restart, request)).plan.proving == nil)
        #expect(try await scene.desk.propose(try scene.change("worst", to: "load")).plan.proving == nil)
        // Staging has moved on; production may change its own configuration all the same.
        let own = try await scene.desk.propose(try scene.change("better", to: "production")).plan
        #expect(own.proving?.proofs.map(\.environment.text) == ["production"])
        let old = await #expect(throws: CoordinatorError.self) {
            try await scene.desk.propose(try scene.change("good", to: "production"))
        }
        #expect(old?.code == .unproven)
    }

    @Test("A plan that was shown while it was proved is not opened after staging has gone back")
    func overtaken() async throws {
        let scene = try Scene()
        for environment in ["staging", "load"] { try await scene.succeed("old", in: environment, ago: .hours(5)) }
        for environment in ["staging", "load"] { try await scene.succeed("good", in: environment, ago: .hours(3)) }
        let plan = try await scene.desk.propose(try scene.change("good", to: "production")).plan
        #expect(plan.proving?.proofs.count == 2)
        let back = try await scene.open(Change(.rollback(to: nil), try scene.change("good", to: "load").request))
        try await scene.bench.ledger().end(back, as: .succeeded, at: Scene.moment(ago: .zero))
        let error = await #expect(throws: CoordinatorError.self) { try await scene.desk.open(try plan.digest()) }
        #expect(error?.code == .unproven && error?.advice.contains("load runs 0-") == true)
    }

    @Test("A rollout that has begun is gone on with by its plan, wherever staging is by now")
    func begun() async throws {
        let scene = try Scene()
        for environment in ["staging", "load"] { try await scene.succeed("good", in: environment, ago: .hours(3)) }
        let rollout = try await scene.open(try scene.change("good", to: "production"))
        try await scene.succeed("next", in: "staging", ago: .zero)
        let again = try await scene.desk.propose(try scene.change("good", to: "production"))
        #expect(again.underWay?.rollout.id == rollout.id && again.underWay?.isServed == true)
        #expect(again.plan.proving == rollout.plan.proving)
        // A plan that takes its place begins anew.
        let other = try scene.change("good", to: "production") {
            $0.skips = [SkippedHost(id: HostID(validated: "p2"), reason: "in repair")]
        }
        let proposal = try await scene.desk.propose(other)
        #expect(proposal.underWay?.isServed == false)
        let error = await #expect(throws: CoordinatorError.self) {
            try await scene.desk.open(try proposal.plan.digest())
        }
        #expect(error?.code == .unproven)
    }

    @Test("What another environment is on is taken from there, by its digest and version")
    func from() async throws {
        let scene = try Scene()
        let staging = ArtifactRequest.Subject.confirmed(in: EnvironmentName(validated: "staging"))
        let nothing = await #expect(throws: CoordinatorError.self) {
            try await scene.desk.propose(scene.change(staging, to: "load"))
        }
        #expect(nothing?.code == .versionUnknown && nothing?.advice.contains("to staging of hello") == true)
        let first = try await scene.succeed("good", in: "staging", ago: .hours(3))
        let plan = try await scene.desk.propose(scene.change(staging, to: "load")).plan
        #expect(plan.release?.artifact == first.plan.release?.artifact)
        #expect(plan.target.version == first.plan.target.version)
        #expect(plan.release?.config.isEmpty == true)
        let unknown = ArtifactRequest.Subject.confirmed(in: EnvironmentName(validated: "stagin"))
        let error = await #expect(throws: ConfigurationError.self) {
            try await scene.desk.propose(scene.change(unknown, to: "load"))
        }
        #expect(error?.description.contains("did you mean 'staging'?") == true)
    }
}
