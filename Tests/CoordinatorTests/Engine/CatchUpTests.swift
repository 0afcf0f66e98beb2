import Model
import Rollout
import Testing
import Trust

@testable import Coordinator

/// A host that was away while an approved rollout ran gets its release by the same order, and nobody is asked again.
struct CatchUpTests {
    /// A rollout of three hosts that one person must approve, and the hosts themselves.
    private struct Scene: Sendable {
        let fixture: RolloutFixture
        let hosts: MachineHosts

        init(approvals: Int = 1) throws {
            fixture = try RolloutFixture(hosts: 3, approvals: approvals)
            hosts = MachineHosts(fixture.plan)
        }

        /// Rolls out past whoever is away; bob approves when he is asked.
        func rollOut() async throws -> StoredRollout {
            let rollout = try await fixture.open()
            var words: [OperatorWord] = []
            while true {
                let stored = try await stored(rollout.id)
                let engine = try await fixture.engine(stored, hosts)
                let bob = Task { try await CatchUpTests.approve(by: engine, in: fixture.ledger) }
                let summary = try await engine.run(by: "alice@laptop", saying: words)
                bob.cancel()
                guard summary.outcome == .paused else { return try await self.stored(rollout.id) }
                words = [.resume(floor: nil, reason: nil)]
            }
        }

        func stored(_ id: RolloutID) async throws -> StoredRollout {
            try #require(try await fixture.ledger.rollout(id.number))
        }

        /// Opens a rollout that catches up with another.
        func open(_ found: CatchUp) async throws -> StoredRollout {
            var plan = fixture.plan
            plan.approvals = 0
            plan.limits.approveWithin = nil
            plan.catchUp = found.standing
            return try await stored(
                try await fixture.ledger.open(plan, by: "alice@laptop", at: RolloutFixture.now).number
            )
        }

        private func stored(_ number: Int) async throws -> StoredRollout {
            try #require(try await fixture.ledger.rollout(number))
        }

        func find(_ rollout: StoredRollout, at now: WallTime = CoordinatorClock().wall) async throws -> CatchUp {
            try await CatchUp.find(rollout.id.number, in: fixture.ledger, at: now)
        }

        /// Why a rollout can't be caught up with.
        func refusal(_ rollout: StoredRollout, at now: WallTime = CoordinatorClock().wall) async -> String {
            let error = await #expect(throws: CoordinatorError.self) { try await find(rollout, at: now) }
            return error?.advice ?? ""
        }
    }

    /// Says yes as bob, once he is asked.
    private static func approve(by engine: RolloutEngine, in ledger: Ledger) async throws {
        let desk = ApprovalDesk(ledger: ledger, layout: WorkspaceLayout(root: "/nonexistent"))
        while true {
            if let request = try await desk.pending().first {
                let approval = Approval(order: request.digest, person: "bob", signature: Array("bob's".utf8))
                return await engine.say(.approve(approval), by: "bob")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    @Test("The host that was away gets exactly what was approved, in a rollout of its own", .timeLimit(.minutes(1)))
    func catchesUp() async throws {
        let scene = try Scene()
        await scene.hosts.keepAway([2])
        let rollout = try await scene.rollOut()
        #expect(rollout.summary?.outcome == .incomplete, "\(rollout.summary?.headline ?? "")")
        #expect(rollout.summary?.advice?.contains("fleet catch-up R1") == true)
        #expect(await scene.hosts.switches == [1, 1, 0])
        let first = try #require(await scene.hosts.materials.first)

        await scene.hosts.keepAway([])
        let found = try await scene.find(rollout)
        #expect(found.order.hosts.count == 3)
        let next = try await scene.open(found)
        let engine = try RolloutEngine(
            rollout: next,
            state: try await scene.fixture.ledger.state(of: next),
            ledger: scene.fixture.ledger,
            links: scene.hosts,
            orders: OrderWriter(
                release: scene.fixture.release,
                provenance: [],
                standing: try await scene.fixture.ledger.standing(found.standing)
            ),
            gates: GateJudge(directory: "/"),
            logger: TestLog.silent
        )
        let summary = try await engine.run(by: "alice@laptop")
        #expect(summary.outcome == .succeeded, "\(summary.headline)")
        #expect(await scene.hosts.switches == [1, 1, 1])
        let last = try #require(await scene.hosts.materials.last)
        #expect(last.isCatchUp && !first.isCatchUp)
        #expect(last.order == first.order && last.approvals == [Array("bob's".utf8)])

        let other = try await scene.stored(next.id)
        #expect(await scene.refusal(other).contains("caught up with R1 itself"))
        // Others may have been away longer.
        #expect(try await scene.find(rollout).standing == found.standing)
    }

    @Test("Only what stays, was approved, is the last word and is in time is caught up with", .timeLimit(.minutes(1)))
    func refused() async throws {
        let whole = try Scene()
        let open = try await whole.fixture.open()
        #expect(await whole.refusal(open).contains("has not ended"))
        let succeeded = try await Scene().rollOut()
        #expect(succeeded.summary?.outcome == .succeeded)

        let scene = try Scene()
        await scene.hosts.keepAway([2])
        let rollout = try await scene.rollOut()
        let until = try await scene.find(rollout).order.catchUpUntil
        #expect(await scene.refusal(rollout, at: until + .seconds(1)).contains("could be caught up with until"))
        _ = try await scene.fixture.open()
        #expect(await scene.refusal(rollout).contains("came after it"))

        let free = try Scene(approvals: 0)
        await free.hosts.keepAway([2])
        let unasked = try await free.rollOut()
        #expect(unasked.summary?.outcome == .incomplete)
        #expect(await free.refusal(unasked).contains("needed nobody's approval"))
        let all = try Scene()
        let done = try await all.rollOut()
        // A host that was set up anew under its name has missed it, too.
        #expect(try await all.find(done).order.hosts.count == 3)
    }

    @Test(
        "An order is exported with the approvals it has, as long as the rollout stands for it",
        .timeLimit(.minutes(1))
    )
    func exported() async throws {
        let scene = try Scene()
        await scene.hosts.keepAway([2])
        let rollout = try await scene.rollOut()
        let writer = OrderWriter(release: scene.fixture.release, provenance: [Array("{}".utf8)])
        let export = OrderExport(ledger: scene.fixture.ledger)
        let material = try await export.order(of: rollout, writer).material()
        #expect(material.order == (await scene.hosts.materials.first)?.order)
        #expect(material.approvals == [Array("bob's".utf8)])
        #expect(material.provenance == writer.provenance)
        #expect(material.release == (try CanonicalJSON.encode(scene.fixture.release)))

        let free = try Scene(approvals: 0)
        let unasked = try await free.rollOut()
        let error = await #expect(throws: CoordinatorError.self) {
            try await OrderExport(ledger: free.fixture.ledger).order(of: unasked, writer)
        }
        #expect(error?.advice.contains("has no order that hosts may be brought by hand") == true)
    }

    @Test("Its plan names the order and asks nobody; who came later is left out", .timeLimit(.minutes(1)))
    func planned() async throws {
        func file(_ hosts: String) -> String {
            "fleet: scratch\nservices:\n  hello:\n    environments:\n      dev: {hosts: [\(hosts)], "
                + "capacity: {floor: 0, window: 2}, approvals: 1}\n"
        }
        let scratch = try ScratchWorkspace(fleetFile: file("h1, h2"))
        try scratch.setUp()
        let bench = Workbench(scratch.workspace, logger: TestLog.silent)
        let desk = LocalDesk(bench)
        let request = DeploymentRequest(
            service: ServiceName(validated: "hello"),
            environment: EnvironmentName(validated: "dev")
        )
        let tree = ArtifactRequest.Subject.directory(try scratch.makeRelease("dist", content: "hello"))
        let deploy = Change(.deploy(ArtifactRequest(service: request.service, subject: tree)), request)
        var rollout = try await desk.open(try await desk.propose(deploy).plan.digest())
        let ledger = try await bench.ledger()
        let hosts = MachineHosts(rollout.plan)
        await hosts.keepAway([1])
        var words: [OperatorWord] = []
        while !rollout.isFinished {
            let engine = try RolloutEngine(
                rollout: rollout,
                state: try await ledger.state(of: rollout),
                ledger: ledger,
                links: hosts,
                orders: try await bench.planner().orders(of: rollout),
                gates: GateJudge(directory: "/"),
                logger: TestLog.silent
            )
            let bob = Task { try await Self.approve(by: engine, in: ledger) }
            _ = try await engine.run(by: "alice@laptop", saying: words)
            bob.cancel()
            words = [.resume(floor: nil, reason: nil)]
            rollout = try #require(try await ledger.rollout(rollout.id.number))
        }
        #expect(rollout.summary?.outcome == .incomplete, "\(rollout.summary?.headline ?? "")")

        try scratch.write(file("h1, h2, h3"), to: "fleet.yml")
        let plan = try await desk.propose(Change(.catchUp(rollout: rollout.id.number), request)).plan
        #expect(plan.catchUp?.rollout == rollout.id)
        #expect(plan.approvals == 0 && plan.release == rollout.plan.release && plan.target == rollout.plan.target)
        #expect(plan.hosts.map(\.id.text) == ["h1", "h2"])
        #expect(plan.skipped.map(\.id.text) == ["h3"])
        // Whoever goes on with it later has the same bytes and signatures.
        let next = try await desk.open(try plan.digest())
        let standing = try #require(try await bench.planner().orders(of: next).standing)
        #expect(standing.order == (await hosts.materials.first)?.order)
        #expect(standing.approvals == [Array("bob's".utf8)])
        let exported = try await desk.exportOrder(of: rollout).material()
        #expect(exported.order == standing.order && !exported.provenance.isEmpty)
    }
}
