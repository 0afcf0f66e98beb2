import Model
import Rollout
import Testing

/// Rollouts of other services: which are waited for, and what their end means.
struct QueueTests {
    private static let service = ServiceName(validated: "api")

    private static func id(_ number: Int) throws -> RolloutID {
        RolloutID(ledger: try LedgerID(parsing: "00000000-0000-0000-0000-000000000001"), number: number)
    }

    /// A fleet whose plan has to do with rollouts 3 and 4 of another service.
    private func fleet(
        mustSucceed: Bool = false,
        concurrency: ConcurrencyPolicy? = nil,
        change: (inout Plan) -> Void = { _ in }
    ) throws -> Fleet {
        var plan = try Fleet(2).plan
        plan.concurrent = try [3, 4].map {
            ConcurrentRollout(
                rollout: try Self.id($0),
                service: Self.service,
                environment: plan.environment,
                sharedHosts: $0 - 3,
                mustSucceed: mustSucceed
            )
        }
        plan.concurrency = concurrency
        change(&plan)
        return try Fleet(plan, before: plan.previous)
    }

    private func start(_ fleet: inout Fleet) {
        fleet.tell(.started(holder: "alice@laptop", at: WallTime(milliseconds: 0)))
    }

    @Test("It begins when all have ended, whatever became of them, and asks no host before")
    func waits() throws {
        var fleet = try fleet()
        start(&fleet)
        #expect(fleet.machine.view.phase == .scheduled && !fleet.machine.needsHosts)
        let why =
            "waits for the end of R3 of api in production; R4 of api in production, which changes 1 of these hosts, too"
        #expect(fleet.machine.view.why == why)
        fleet.tell(.concurrentEnded(try Self.id(4), .rolledBack))
        #expect(fleet.machine.view.why == "waits for the end of R3 of api in production")
        fleet.tell(.concurrentEnded(try Self.id(4), .rolledBack))
        fleet.tell(.concurrentEnded(try Self.id(9), .succeeded))
        #expect(fleet.machine.view.phase == .scheduled)
        fleet.tell(.concurrentEnded(try Self.id(3), .aborted))
        #expect(fleet.machine.view.phase == .mustering && fleet.machine.needsHosts)
    }

    @Test("What has ended is not waited for again after a restart; what has not still is")
    func restart() throws {
        var fleet = try fleet()
        start(&fleet)
        fleet.tell(.concurrentEnded(try Self.id(3), .succeeded))
        fleet.machine = RolloutMachine(id: fleet.machine.id, plan: fleet.plan, state: fleet.machine.state)
        fleet.tell(.resumed)
        #expect(fleet.machine.queuedBehind.map(\.rollout.number) == [4])
        #expect(fleet.machine.view.phase == .scheduled)
    }

    @Test(
        "Where another service comes first, its end other than well is the end, with nothing changed",
        arguments: Outcome.allCases
    )
    func comesFirst(outcome: Outcome) throws {
        var fleet = try fleet(mustSucceed: true)
        start(&fleet)
        fleet.tell(.concurrentEnded(try Self.id(3), outcome))
        guard outcome != .succeeded else {
            #expect(fleet.summary == nil)
            return
        }
        #expect(fleet.summary?.outcome == .refused)
        let words = "web comes after api, whose R3 ended \(outcome.words); nothing was changed"
        #expect(fleet.summary?.headline.contains(words) == true, "\(String(describing: fleet.summary?.headline))")
        #expect(fleet.sent.isEmpty)
    }

    @Test("Nobody is asked for approval while it waits")
    func approval() throws {
        var fleet = try fleet { $0.approvals = 1 }
        start(&fleet)
        #expect(fleet.machine.view.phase == .scheduled)
        for number in [3, 4] { fleet.tell(.concurrentEnded(try Self.id(number), .succeeded)) }
        #expect(fleet.machine.view.phase == .mustering)
    }

    @Test("It can be aborted while it waits, with nothing changed")
    func abort() throws {
        var fleet = try fleet()
        start(&fleet)
        fleet.tell(.operatorSaid(.abort(reason: "no longer needed")))
        #expect(fleet.summary?.outcome == .aborted)
        #expect(fleet.sent.isEmpty)
    }

    @Test("Alongside, it waits for nobody")
    func alongside() throws {
        var fleet = try fleet(concurrency: .alongside)
        start(&fleet)
        #expect(fleet.machine.view.phase == .mustering)
        #expect(PlanText(fleet.plan).text.contains("alongside R3 of api in production\n"))
    }

    // MARK: Which they are

    private func other(_ service: String, hosts: Int, in environment: String = "production") throws -> Plan {
        var plan = try Fleet(hosts).plan
        plan.service = try ServiceName(parsing: service)
        plan.environment = try EnvironmentName(parsing: environment)
        return plan
    }

    @Test("A plan has to do with what changes its hosts, and with services that come first in its environment")
    func found() throws {
        let plan = try Fleet(3).plan
        let rule = ConcurrencyRule(plan, after: [Self.service])
        let id = try Self.id(3)
        #expect(rule.finds(try other("db", hosts: 2), as: id)?.sharedHosts == 2)
        #expect(rule.finds(try other("db", hosts: 2), as: id)?.mustSucceed == false)
        #expect(rule.finds(try other("api", hosts: 2), as: id)?.mustSucceed == true)
        #expect(rule.finds(try other("api", hosts: 2, in: "staging"), as: id)?.mustSucceed == false)
        var elsewhere = try other("api", hosts: 2)
        elsewhere.hosts = [PlannedHost(id: try HostID(parsing: "api-1"))]
        #expect(rule.finds(elsewhere, as: id)?.sharedHosts == 0)
        elsewhere.service = try ServiceName(parsing: "db")
        #expect(rule.finds(elsewhere, as: id) == nil)
    }

    @Test("Its own service, agents that replace themselves, and a way back have to do with none")
    func notFound() throws {
        var plan = try Fleet(3).plan
        let id = try Self.id(3)
        #expect(ConcurrencyRule(plan).finds(try other("web", hosts: 3, in: "staging"), as: id) == nil)
        #expect(ConcurrencyRule(plan).finds(try other("fleet-agent", hosts: 3), as: id) == nil)
        plan.kind = .rollback
        #expect(ConcurrencyRule(plan).finds(try other("api", hosts: 3), as: id) == nil)
        plan.kind = .deploy
        plan.service = .agent
        #expect(ConcurrencyRule(plan).finds(try other("api", hosts: 3), as: id) == nil)
    }
}
