import Model
import Rollout
import Testing
import Trust

@testable import Coordinator

/// Plans for hosts that have come back, or are new.
struct ReturnsTests {
    private static let request = DeploymentRequest(
        service: ServiceName(validated: "hello"),
        environment: EnvironmentName(validated: "dev")
    )

    /// A workspace whose environment is on a release that h4 has not got.
    private struct Scene {
        let scratch: ScratchWorkspace
        let bench: Workbench
        let desk: LocalDesk
        let first: StoredRollout

        init(approvals: Int = 0) async throws {
            scratch = try ScratchWorkspace(
                fleetFile:
                    "fleet: scratch\nservices:\n  hello:\n    environments:\n      dev: {hosts: [h1, h2, h3, h4], "
                    + "capacity: {floor: 1, window: 1}, approvals: \(approvals)}\n"
            )
            try scratch.setUp()
            bench = Workbench(scratch.workspace, logger: TestLog.silent)
            desk = LocalDesk(bench)
            first = try await Self.open("one", scratch, desk)
        }

        static func open(_ content: String, _ scratch: ScratchWorkspace, _ desk: LocalDesk) async throws
            -> StoredRollout
        {
            let tree = ArtifactRequest.Subject.directory(try scratch.makeRelease(content, content: content))
            let change = Change(
                .deploy(ArtifactRequest(service: ReturnsTests.request.service, subject: tree)),
                ReturnsTests.request
            )
            return try await desk.open(try await desk.propose(change).plan.digest())
        }

        func ledger() async throws -> Ledger { try await bench.ledger() }

        func converge(_ statuses: [HostStatus], by asker: ReturnAsker = .person) async throws -> Plan {
            try await bench.planner().converge(ReturnsTests.request, statuses, by: asker).plan
        }
    }

    private static func status(_ host: String, _ change: (inout HostStatus) -> Void = { _ in }) -> HostStatus {
        var status = HostStatus(
            host: HostID(validated: host),
            address: host,
            service: request.service,
            environment: request.environment
        )
        change(&status)
        return status
    }

    private static func arrears(
        _ state: Arrears.State,
        _ remedy: Arrears.Remedy? = nil,
        attempts: Int = 0
    ) -> Arrears { Arrears(state, goal: nil, remedy: remedy, attempts: attempts) }

    @Test("Who can be brought is, under the environment's capacity; who is not there, held or failed is left out")
    func planned() async throws {
        let scene = try await Scene()
        try await scene.ledger().end(scene.first, as: .incomplete)
        let plan = try await scene.converge([
            Self.status("h1"),
            Self.status("h2") { $0.arrears = Self.arrears(.behind, .deploy) },
            Self.status("h3") { $0.unreachable = "no answer" },
            Self.status("h4") { $0.arrears = Self.arrears(.held) },
        ])
        #expect(plan.kind == .deploy && plan.target == scene.first.plan.target)
        #expect(plan.returned?.map(\.text) == ["h2"])
        #expect(plan.hosts.map(\.id.text) == ["h1", "h2"])
        #expect(plan.skipped.map(\.reason) == ["gives no answer", "held by a person"])
        #expect(plan.capacity.floor == 1 && plan.release == scene.first.plan.release)
        #expect(plan.reason?.contains("h2 came back") == true)
    }

    @Test("The coordinator gives up after a few attempts, a person does not")
    func attempts() async throws {
        let scene = try await Scene()
        try await scene.ledger().end(scene.first, as: .incomplete)
        let statuses = ["h1", "h2", "h3", "h4"].map { name in
            Self.status(name) { $0.arrears = name == "h4" ? Self.arrears(.behind, .deploy, attempts: 3) : nil }
        }
        let error = await #expect(throws: CoordinatorError.self) {
            try await scene.converge(statuses, by: .coordinator)
        }
        #expect(error?.code == .nothingBehind)
        #expect(try await scene.converge(statuses).returned?.map(\.text) == ["h4"])
    }

    @Test(
        "What was taken back while a host was away goes back there without approval, and is no step of the environment"
    )
    func wayBack() async throws {
        let scene = try await Scene(approvals: 1)
        let ledger = try await scene.ledger()
        try await ledger.end(scene.first, as: .succeeded)
        let next = try await Scene.open("two", scene.scratch, scene.desk)
        try await ledger.end(next, as: .succeeded)
        let bad = try await Scene.open("three", scene.scratch, scene.desk)
        try await ledger.end(bad, as: .rolledBack)
        let before = try await ledger.history(Self.request.service, Self.request.environment)
        let plan = try await scene.converge(
            ["h1", "h2", "h3"].map { Self.status($0) } + [
                Self.status("h4") { $0.arrears = Self.arrears(.behind, .wayBack) }
            ]
        )
        #expect(plan.kind == .rollback && plan.approvals == 0 && plan.target == next.plan.target)
        let rollout = try await ledger.open(plan, by: "main@here", at: RolloutFixture.now)
        try await ledger.end(try #require(try await ledger.rollout(rollout.number)), as: .succeeded)
        let after = try await ledger.history(Self.request.service, Self.request.environment)
        #expect(after.current == before.current)
        #expect(after.rollbackTarget == before.rollbackTarget)
        #expect(after.rollbackTarget == .release(scene.first.plan.target))
    }

    @Test("Where nothing is behind there is nothing to do; who waits for a person is named with the next command")
    func nothing() async throws {
        let scene = try await Scene()
        try await scene.ledger().end(scene.first, as: .succeeded)
        let level = ["h1", "h2", "h3"].map { Self.status($0) }
        let all = await #expect(throws: CoordinatorError.self) { try await scene.converge(level + [Self.status("h4")]) }
        #expect(all?.advice.contains("nothing is behind") == true)
        let waiting = Self.status("h4") {
            $0.arrears = Self.arrears(.stale)
            $0.next = "approve anew: 'fleet rollout hello 1.0 --env dev'"
        }
        let some = await #expect(throws: CoordinatorError.self) { try await scene.converge(level + [waiting]) }
        #expect(some?.advice.contains("h4 (stale): approve anew") == true)
    }

    @Test("The next command about a host says what its state asks for", arguments: Arrears.State.allCases)
    func advice(state: Arrears.State) {
        let host = HostID(validated: "h4")
        let goal = ReleaseID(
            version: Version(validated: "1.2"),
            digest: Digest(bytes: [UInt8](repeating: 1, count: 32))
        )
        func next(_ policy: ReturnPolicy, attempts: Int = 0) -> String {
            let found = Arrears(state, goal: goal, remedy: .deploy, attempts: attempts)
            return ArrearsAdvice(service: Self.request.service, environment: Self.request.environment, policy: policy)
                .next(found, of: host)
        }
        let catchUp = "fleet catch-up --service hello --env dev"
        let rollOut = "fleet rollout hello 1.2 --env dev"
        switch state {
        case .unknown, .missed:
            #expect(next(.hold) == "once it is back: '\(catchUp)'")
            #expect(next(.serve).contains("by itself once it is back"))
        case .behind, .unread:
            #expect(next(.hold) == "'\(catchUp)'" && next(.serve, attempts: 3) == "'\(catchUp)'")
            #expect(next(.serve).contains("brought there by itself"))
        case .stale, .leftOut: #expect(next(.serve).contains(rollOut))
        case .failed: #expect(next(.serve).contains(rollOut) && next(.serve).contains("fleet status hello"))
        case .held: #expect(next(.serve) == "'fleet host unhold h4'")
        }
    }
}
