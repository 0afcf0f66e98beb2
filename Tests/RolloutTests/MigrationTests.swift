import Model
import Rollout
import Testing

struct MigrationTests {
    private func fleet(_ isReversible: Bool = true, on host: String? = nil, kind: Plan.Kind = .deploy) throws -> Fleet {
        try Fleet(Self.plan(isReversible, on: host, kind: kind), before: PlanFixture.release("1.4.1", "a"))
    }

    private static func plan(_ isReversible: Bool, on host: String? = nil, kind: Plan.Kind = .deploy) throws -> Plan {
        var environment = try PlanFixture.environment(PlanFixture.hosts(3), capacity: CapacityPolicy(floor: .count(1)))
        environment.migrateOn = try host.map(HostID.init(parsing:))
        var request = try PlanFixture.request(environment, kind: kind)
        request.previous = try PlanFixture.release("1.4.1", "a")
        let migration = Migration(command: ["bin/migrate", "--all"], isReversible: isReversible, timeout: .minutes(3))
        request.spec = ServiceSpec(service: environment.service, unit: .absent, migration: migration)
        return try Planner.plan(request)
    }

    private func isMigrate(_ ask: HostAsk) -> Bool { if case .migrate = ask { true } else { false } }

    /// Answers all that comes before it.
    private func migrating(_ fleet: inout Fleet) throws -> (Int, RequestID) {
        fleet.muster()
        while let (host, id, ask) = fleet.next(where: { !isMigrate($0) }) { fleet.answer(host, id, ask) }
        #expect(fleet.machine.view.phase == .migrating && fleet.started == [])
        let found = fleet.next(where: isMigrate)
        let (host, id, _) = try #require(found)
        return (host, id)
    }

    @Test("It stands in the plan with its host, and what can't be taken back says what follows from that")
    func plan() throws {
        let plan = try Self.plan(true)
        #expect(plan.migration?.host == plan.stages[0].hosts[0] && plan.onFailure == .rollback)
        #expect(plan.onCommitMissing == nil)
        let text = PlanText(plan).text
        #expect(
            text.contains("  migration bin/migrate --all on web-1, within 3m, before any host is switched\n"),
            "\(text)"
        )
        #expect(!text.contains("TAKEN BACK"))
        let forGood = try Self.plan(false, on: "web-3")
        #expect(forGood.migration?.host == 2 && forGood.onFailure == .pause && forGood.onCommitMissing == .keep)
        #expect(PlanText(forGood).text.contains("IT CAN'T BE TAKEN BACK"))
        #expect(throws: PlanRefusal.self) { try Self.plan(true, on: "web-9") }
    }

    @Test("Neither a rollback nor a restart migrates", arguments: [Plan.Kind.rollback, .restart])
    func wayBack(_ kind: Plan.Kind) throws { #expect(try Self.plan(true, kind: kind).migration == nil) }

    @Test("All hosts are prepared before it, none is switched before it has ended well, and it runs once")
    func order() throws {
        var fleet = try fleet(on: "web-2")
        let (host, id) = try migrating(&fleet)
        #expect(host == 1 && fleet.machine.view.why == "waits for the migration on web-2")
        fleet.tell(.replied(host: host, sequence: id.sequence, .migrated(fleet.plan.target)))
        #expect(fleet.started.count == 1)
        try fleet.restart()
        #expect(fleet.next(where: isMigrate) == nil)
    }

    @Test("Where all hosts are away, those that come later wait for it, too")
    func away() throws {
        var fleet = try fleet()
        fleet.muster(absent: [0, 1, 2])
        #expect(fleet.stood?.outcome == .paused)
        fleet.tell(.operatorSaid(.resume(floor: nil, reason: nil)))
        while let (host, id, ask) = fleet.next(where: { !isMigrate($0) }) { fleet.answer(host, id, ask) }
        #expect(fleet.machine.view.phase == .migrating)
        #expect(fleet.machine.view.pause?.message.hasPrefix("the migration waits for web-1") == true)
        for host in 0..<3 {
            fleet.tell(.connected(host: host))
            fleet.report(host)
        }
        while let (host, id, ask) = fleet.next(where: { !isMigrate($0) }) { fleet.answer(host, id, ask) }
        #expect(fleet.started == [] && fleet.next(where: isMigrate) == nil)
        fleet.tell(.operatorSaid(.resume(floor: nil, reason: nil)))
        #expect(fleet.next(where: isMigrate)?.0 == 0)
    }

    @Test("A resume, by a coordinator that has reached nobody yet, waits for its host once more")
    func resumedAnew() throws {
        var fleet = try fleet()
        fleet.muster(absent: [0])
        fleet.tell(.operatorSaid(.resume(floor: nil, reason: nil)))
        while let (host, id, ask) = fleet.next(where: { !isMigrate($0) }) { fleet.answer(host, id, ask) }
        #expect(fleet.machine.view.pause?.cause == .migration)
        try fleet.restart(absent: [0])
        fleet.tell(.operatorSaid(.resume(floor: nil, reason: nil)))
        #expect(fleet.machine.view.pause == nil)
        var patient = fleet
        patient.wait(patient.plan.limits.silence, .reach(host: 0))
        #expect(patient.machine.view.pause?.cause == .migration)
        fleet.tell(.connected(host: 0))
        fleet.report(0)
        while let (host, id, ask) = fleet.next(where: { !isMigrate($0) }) { fleet.answer(host, id, ask) }
        #expect(fleet.next(where: isMigrate)?.0 == 0)
    }

    @Test("Where nobody is left who could be switched, it is not waited for")
    func nobodyLeft() throws {
        var fleet = try fleet()
        for host in [1, 2] { fleet.current[host] = fleet.plan.target }
        fleet.muster(absent: [0])
        fleet.tell(.operatorSaid(.resume(floor: nil, reason: nil)))
        while let (host, id, ask) = fleet.next(where: { !isMigrate($0) }) { fleet.answer(host, id, ask) }
        #expect(fleet.machine.view.pause?.cause == .migration)
        fleet.tell(.operatorSaid(.skip(host: 0, reason: "is broken")))
        fleet.tell(.operatorSaid(.resume(floor: nil, reason: nil)))
        #expect(fleet.machine.view.pause == nil)
        while let (host, id, ask) = fleet.next() { fleet.answer(host, id, ask) }
        #expect(fleet.summary?.outcome == .incomplete)
    }

    @Test("One that fails ends the rollout with nothing switched")
    func fails() throws {
        var fleet = try fleet()
        let (host, id) = try migrating(&fleet)
        let failure = Failure(.migrationFailed, "migration ended with status 1", evidence: ["no table"])
        fleet.tell(.replied(host: host, sequence: id.sequence, .refused(failure)))
        while let (host, id, ask) = fleet.next() { fleet.answer(host, id, ask) }
        #expect(fleet.summary?.outcome == .refused && fleet.started == [])
        #expect(fleet.summary?.headline.contains("the migration on web-1 failed") == true)
        #expect(fleet.summary?.hosts.first?.failure?.evidence == ["no table"])
    }

    enum Doubt: CaseIterable { case answer, lost, late }

    @Test(
        "Where nobody knows how far it came it pauses; resume runs it again there, abort ends",
        arguments: Doubt.allCases
    )
    func unknown(_ doubt: Doubt) throws {
        for isResumed in [true, false] {
            var fleet = try fleet()
            let (host, id) = try migrating(&fleet)
            switch doubt {
            case .answer:
                let failure = Failure(.migrationUnknown, "the agent ended while it ran")
                fleet.tell(.replied(host: host, sequence: id.sequence, .refused(failure)))
            case .lost:
                fleet.tell(.lost(host: host))
                fleet.wait(.seconds(15), .reach(host: host))
                fleet.tell(.connected(host: host))
                fleet.report(host)
            case .late: fleet.wait(.minutes(7), .answer(host: host))
            }
            #expect(fleet.machine.view.pause?.cause == .migration && fleet.started == [], "\(doubt)")
            guard isResumed else {
                fleet.tell(.operatorSaid(.abort(reason: nil)))
                while let (host, id, ask) = fleet.next() { fleet.answer(host, id, ask) }
                #expect(fleet.summary?.outcome == .aborted && fleet.started == [])
                continue
            }
            fleet.tell(.operatorSaid(.resume(floor: nil, reason: nil)))
            while let (host, id, ask) = fleet.next(where: { !isMigrate($0) }) { fleet.answer(host, id, ask) }
            let found = fleet.next(where: isMigrate)
            let again = try #require(found, "\(doubt)")
            #expect(again.0 == host && again.1 != id)
            fleet.tell(.replied(host: host, sequence: again.1.sequence, .migrated(fleet.plan.target)))
            #expect(fleet.started.count == 1, "\(doubt)")
        }
    }

    @Test("A coordinator that comes back asks with the same id, so that it is not run twice")
    func restarted() throws {
        var fleet = try fleet()
        let (_, id) = try migrating(&fleet)
        try fleet.restart()
        #expect(fleet.next(where: isMigrate)?.1 == id)
    }
}
