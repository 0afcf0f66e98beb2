import Artifacts
import Configuration
import FoundationEssentials
import Logging
import Model
import Rollout
import Session
import TLS
import Testing
import Trust

@testable import Coordinator

/// A coordinator that serves, and operators who ask it from workspaces of their own, over real sockets.
struct ServingTests {
    /// A coordinator on a port of this machine, and the authority that knows its operators.
    private struct Scene: Sendable {
        let scratch: ScratchWorkspace
        let server: FleetServer

        init(_ fleetFile: String = ScratchWorkspace.fleetFile) async throws {
            scratch = try ScratchWorkspace(fleetFile: fleetFile)
            try scratch.setUp()
            let layout = scratch.workspace.layout
            try Self.issue(.coordinator, "main", by: scratch, to: layout.identity(of: .coordinator))
            let anyPort = HostPort(host: "127.0.0.1", port: 0)
            server = try await FleetServer(scratch.workspace, listen: anyPort, logger: TestLog.silent)
        }

        /// A member's workspace, as it lies on another machine.
        func member(_ role: Role, _ name: String) throws -> ScratchWorkspace {
            let there = try ScratchWorkspace(fleetFile: "fleet: scratch\ncoordinator: \(server.place)\n")
            let layout = there.workspace.layout
            try SmallFile.makeDirectory(layout.root)
            try Self.issue(role, name, by: scratch, to: layout.identity(of: .operator))
            return there
        }

        private static func issue(_ role: Role, _ name: String, by owner: ScratchWorkspace, to path: String) throws {
            try SmallFile.makeDirectory(path)
            try owner.workspace.authority().issue(role, name: name, now: ScratchWorkspace.now).write(to: path)
        }

        func desk(_ there: ScratchWorkspace) throws -> RemoteDesk {
            let place = try #require(try there.workspace.configuration().coordinator)
            return try RemoteDesk(there.workspace, at: place, logger: TestLog.silent)
        }

        /// Serves while `body` runs.
        func serve(_ body: @escaping @Sendable () async throws -> Void) async throws {
            try await withThrowingTaskGroup { group in
                group.addTask { try await server.run() }
                try await body()
                group.cancelAll()
            }
        }
    }

    private static let dev = EnvironmentName(validated: "dev")
    private static let hello = ServiceName(validated: "hello")

    private static func deploy(_ subject: ArtifactRequest.Subject) -> Change {
        let artifact = ArtifactRequest(service: hello, subject: subject)
        return Change(.deploy(artifact), DeploymentRequest(service: hello, environment: dev, reason: "a test"))
    }

    @Test("A directory is packed where the person is, and rolled out where the coordinator is, in the person's name")
    func deploy() async throws {
        let scene = try await Scene()
        let bob = try scene.member(.operator, "bob")
        let tree = try bob.makeRelease("dist", content: "from bob")
        try await scene.serve {
            let desk = try scene.desk(bob)
            let proposal = try await desk.propose(Self.deploy(.directory(tree)))
            let artifact = try #require(proposal.plan.release?.artifact.digest)
            #expect(try scene.scratch.workspace.artifacts().holds(artifact))
            #expect(proposal.underWay == nil && proposal.plan.reason == "a test")

            let rollout = try await desk.open(try proposal.plan.digest())
            #expect(rollout.id.label == "R1" && rollout.startedBy.hasPrefix("bob@"))
            // No host answers, so the rollout stands paused: that is heard from afar, and so is a word to it.
            let heard = Heard()
            let paused = try await desk.conduct(rollout, saying: [], interruptions: AsyncStream { $0.finish() }) {
                await heard.add($0)
            }
            #expect(paused.outcome == .paused)
            #expect(await heard.views > 0)
            #expect(await heard.announcements > 0)
            let word = OperatorWord.abort(reason: "enough")
            let ended = try await desk.conduct(rollout, saying: [word], interruptions: AsyncStream { $0.finish() }) {
                _ in
            }
            #expect(ended.outcome == .aborted)
            let history = try await desk.rollouts(.newest(5, of: Selection()))
            #expect(history.map(\.summary?.outcome) == [.aborted])
            #expect(try await desk.view(of: rollout).phase.isConcluded)
        }
    }

    @Test("Yes is said to one plan, once, and only while the fleet is as it was")
    func consent() async throws {
        let scene = try await Scene()
        let bob = try scene.member(.operator, "bob")
        let tree = try bob.makeRelease("dist", content: "once")
        try await scene.serve {
            let desk = try scene.desk(bob)
            let plan = try await desk.propose(Self.deploy(.directory(tree))).plan
            let never = Digest(bytes: [UInt8](repeating: 7, count: 32))
            await Self.expect(.planUnknown) { _ = try await desk.open(never) }
            _ = try await desk.open(try plan.digest())
            await Self.expect(.planUnknown) { _ = try await desk.open(try plan.digest()) }
            // The same again is the rollout that is under way, another release has to wait.
            #expect(try await desk.propose(Self.deploy(.directory(tree))).underWay?.isServed == true)
            let other = try bob.makeRelease("other", content: "twice")
            await Self.expect(.rolloutUnderWay) { _ = try await desk.propose(Self.deploy(.directory(other))) }
        }
    }

    @Test("What the coordinator refuses is refused here with its words, its code and its exit code's class")
    func errors() async throws {
        let scene = try await Scene()
        let bob = try scene.member(.operator, "bob")
        try await scene.serve {
            let desk = try scene.desk(bob)
            let rows: [(ErrorClass, String, @Sendable () async throws -> Void)] = [
                (
                    .usage, "there is no version 9 of hello",
                    {
                        _ = try await desk.propose(Self.deploy(.version(Version(validated: "9"))))
                    }
                ),
                (
                    .usage, "no service has an environment",
                    { _ = try await desk.environments(Selection(environment: .init(validated: "x"))) }
                ),
                (
                    .usage, "did you mean 'hello'",
                    {
                        _ = try await desk.environments(Selection(service: .init(validated: "hallo")))
                    }
                ),
                (
                    .usage, "has no host called 'h9'",
                    {
                        try await desk.logs(
                            HostLogQuery(service: Self.hello, host: HostID(validated: "h9"), past: 1, follows: false)
                        ) { _ in }
                    }
                ),
                (
                    .refused, "nothing was rolled out",
                    {
                        _ = try await desk.propose(
                            Change(.restart, DeploymentRequest(service: Self.hello, environment: Self.dev))
                        )
                    }
                ),
            ]
            for (expected, words, ask) in rows {
                let error = await #expect(throws: CoordinatorError.self) { try await ask() }
                #expect(error.flatMap { ErrorClass($0) } == expected, "\(words)")
                #expect("\(error.map { "\($0)" } ?? "")".contains(words))
            }
        }
    }

    @Test(
        "Only operators have a desk: another member of the fleet is turned away",
        arguments: [Role.agent, .coordinator]
    )
    func roles(_ role: Role) async throws {
        let scene = try await Scene()
        let mallory = try scene.member(role, "mallory")
        try await scene.serve {
            let desk = try scene.desk(mallory)
            await #expect(throws: (any Error).self) { _ = try await desk.rollouts(.unfinished) }
        }
    }

    @Test("Whoever is revoked is cut off, and has no desk any more", .timeLimit(.minutes(1)))
    func revoked() async throws {
        let scene = try await Scene()
        let bob = try scene.member(.operator, "bob")
        try await scene.serve {
            let desk = try scene.desk(bob)
            #expect(try await desk.rollouts(.unfinished).isEmpty)
            let serial = try bob.workspace.credentials().identity.certificate.serial
            _ = try scene.scratch.workspace.authority()
                .revoke(serials: [serial], reason: .keyCompromise, now: ScratchWorkspace.now)
            while (try? await desk.rollouts(.unfinished)) != nil { try await Task.sleep(for: .milliseconds(200)) }
            await #expect(throws: (any Error).self) { _ = try await desk.rollouts(.unfinished) }
        }
    }

    @Test("A certificate that was issued anew is shown without a restart; one of another name, or half of one, is not")
    func renewed() async throws {
        let scene = try await Scene()
        let (owner, files) = (scene.scratch.workspace, FileManager.default)
        let place = owner.layout.identity(of: .coordinator)
        let identity = try ServingIdentity(try owner.credentials(as: .coordinator), in: owner, logger: TestLog.silent)
        /// Who the operator's end of a new connection sees; nil when it sees nobody.
        func shown() -> String? { identity.endpoint.context.shownSerial }
        func replace(_ role: Role, _ name: String) throws -> String {
            try files.removeItem(atPath: place)
            try files.createDirectory(atPath: place, withIntermediateDirectories: true)
            let issued = try owner.authority().issue(role, name: name, now: ScratchWorkspace.now)
            try issued.write(to: place)
            return issued.summary.serial
        }
        let first = try #require(shown())
        await identity.look()
        #expect(shown() == first)
        _ = try replace(.coordinator, "other")
        await identity.look()
        #expect(shown() == first)
        try files.removeItem(atPath: "\(place)/key.pem")
        await identity.look()
        #expect(shown() == first)
        let second = try replace(.coordinator, "main")
        await identity.look()
        #expect(shown() == second && second != first)
        // What it shows, it may show: one that was revoked is not taken.
        let third = try replace(.coordinator, "main")
        _ = try owner.authority().revoke(serials: [third], reason: .superseded, now: ScratchWorkspace.now)
        await identity.look()
        #expect(shown() == second)
    }

    @Test("An answer that is larger than a frame arrives whole")
    func large() async throws {
        let names = (1...9000).map { "{name: web-\($0), region: eu, zone: a}" }
        let file = """
            fleet: scratch
            services:
              hello:
                environments:
                  dev:
                    hosts: [\(names.joined(separator: ", "))]

            """
        let scene = try await Scene(file)
        let bob = try scene.member(.operator, "bob")
        try await scene.serve {
            let found = try await scene.desk(bob).environments(Selection())
            #expect(found.first?.hosts.count == 9000)
        }
    }

    @Test("A coordinator that is started again goes on with what has not ended, but not with what a person paused")
    func restart() async throws {
        let scene = try await Scene()
        let bench = Workbench(scene.scratch.workspace, as: .coordinator, logger: TestLog.silent)
        let bob = try scene.member(.operator, "bob")
        let tree = try bob.makeRelease("dist", content: "on and on")
        let rollout = try await Self.opened(tree, in: scene, bench)

        let rollouts = RunningRollouts(bench)
        try await rollouts.resumeAll()
        // Nobody asked for it: it runs by itself, until it has to wait for hosts that are not there.
        let summary = try await rollouts.watch(rollout) { _ in }
        #expect(summary.outcome == .paused)

        try await rollouts.resumeAll()
        #expect(try await rollouts.watch(rollout) { _ in }.outcome == .paused)
        await rollouts.stop()
    }

    @Test("Who was cut off from a rollout that has ended meanwhile hears how it ended", .timeLimit(.minutes(1)))
    func endedMeanwhile() async throws {
        let scene = try await Scene()
        let bench = Workbench(scene.scratch.workspace, as: .coordinator, logger: TestLog.silent)
        let bob = try scene.member(.operator, "bob")
        let tree = try bob.makeRelease("dist", content: "over and out")
        let rollout = try await Self.opened(tree, in: scene, bench)
        let rollouts = RunningRollouts(bench)
        var outcomes: [Outcome] = []
        for words in [[OperatorWord.abort(reason: "no")], []] {
            let none = AsyncStream<Void> { $0.finish() }
            let summary = try await rollouts.conduct(rollout, by: "bob", saying: words, interruptions: none) { _ in }
            outcomes.append(summary.outcome)
        }
        #expect(outcomes == [.aborted, .aborted])
        await rollouts.stop()
    }

    /// A rollout that stands in the ledger, and that nobody runs yet.
    private static func opened(_ tree: String, in scene: Scene, _ bench: Workbench) async throws -> StoredRollout {
        let proposal = try await LocalDesk(Workbench(scene.scratch.workspace, logger: TestLog.silent))
            .propose(deploy(.directory(tree)))
        let ledger = try await bench.ledger()
        let id = try await ledger.open(proposal.plan, by: "alice@laptop", at: ScratchWorkspace.now)
        return try #require(try await ledger.rollout(id.number))
    }

    private static func expect(
        _ code: CoordinatorError.Code,
        at location: SourceLocation = #_sourceLocation,
        _ body: () async throws -> Void
    ) async {
        let error = await #expect(throws: CoordinatorError.self, sourceLocation: location) { try await body() }
        #expect(error?.code == code, "\(error.map { "\($0)" } ?? "nothing")", sourceLocation: location)
    }
}

/// What was told of a rollout.
private actor Heard {
    var views = 0
    var announcements = 0

    func add(_ news: RolloutNews) {
        switch news {
        case .view: views += 1
        case .announcement: announcements += 1
        case .remark: break
        }
    }
}
