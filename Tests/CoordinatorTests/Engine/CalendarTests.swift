import Model
import Rollout
import Testing
import Trust

@testable import Coordinator

/// A rollout that obeys the wall clock: the engine, its ledger, and a calendar that opens and closes under it.
struct CalendarTests {
    private static func freeze(_ from: WallTime, _ until: WallTime) -> ChangeCalendar {
        ChangeCalendar(freezes: [Freeze(from: .instant(from), until: .instant(until), reason: "test", timeZone: nil)])
    }

    private func stages(_ plan: inout Plan) {
        plan.stages = plan.hosts.indices.map {
            PlannedStage(name: "stage \($0)", hosts: [$0], window: 1, bake: .zero)
        }
    }

    @Test("It waits for its time without asking any host, and begins by itself", .timeLimit(.minutes(1)))
    func scheduled() async throws {
        let clock = CoordinatorClock()
        let start = clock.wall + .seconds(2)
        let fixture = try RolloutFixture(hosts: 2) {
            $0.schedule = StartSchedule(at: start, expires: start + .minutes(1))
        }
        let hosts = MachineHosts(fixture.plan)
        let rollout = try await fixture.open()
        let engine = try await fixture.engine(rollout, hosts)
        async let running = engine.run(by: "alice@laptop")
        while await engine.view.phase != .scheduled { try await Task.sleep(for: .milliseconds(10)) }
        #expect(await hosts.commands == 0)
        let summary = try await running
        #expect(summary.outcome == .succeeded, "\(summary.headline)")
        let opened = try await Self.moments(of: .opening(.open), fixture)
        #expect(opened.allSatisfy { $0 >= start } && !opened.isEmpty)
    }

    @Test("A coordinator that was away until its time was over begins nothing", .timeLimit(.minutes(1)))
    func expired() async throws {
        let now = CoordinatorClock().wall
        let fixture = try RolloutFixture(hosts: 2) {
            $0.schedule = StartSchedule(at: now + .hours(-2), expires: now + .hours(-1))
        }
        let hosts = MachineHosts(fixture.plan)
        let summary = try await fixture.engine(try await fixture.open(), hosts).run(by: "alice@laptop")
        #expect(summary.outcome == .refused)
        #expect(await hosts.commands == 0)
    }

    @Test("Closed in the middle, it finishes its stage, holds, and goes on when it opens", .timeLimit(.minutes(1)))
    func holds() async throws {
        let fixture = try RolloutFixture(hosts: 3) { plan in
            stages(&plan)
            // Plans have whole seconds.
            let now = WallTime(milliseconds: CoordinatorClock().wall.milliseconds / 1000 * 1000)
            plan.calendar = Self.freeze(now + .seconds(3), now + .seconds(6))
            plan.stages[0].bake = .seconds(4)
        }
        let closes = try #require(fixture.plan.calendar?.freezes.first)
        let hosts = MachineHosts(fixture.plan)
        let engine = try await fixture.engine(try await fixture.open(), hosts)
        let news = await engine.watch()
        async let running = engine.run(by: "alice@laptop")
        var begun: [(host: Int, at: WallTime)] = []
        var said: [Announcement] = []
        for await case .announcement(let announcement, let time) in news {
            said.append(announcement)
            if case .hostStarted(let host, _) = announcement { begun.append((host, time)) }
        }
        #expect(try await running.outcome == .succeeded)
        #expect(begun.map(\.host) == [0, 1, 2])
        guard case .instant(let start) = closes.from, case .instant(let end) = closes.until else { return }
        #expect(begun.allSatisfy { $0.at < start || $0.at >= end })
        // A machine that is slow may get there only when it has opened again.
        guard begun[0].at < start else { return }
        #expect(begun[1].at >= end && begun[2].at >= end)
        let closure = Closure("freeze: test", until: end)
        #expect(said.contains(.closed(closure)) && said.contains(.opened))
    }

    private static func moments(of word: RolloutEvent.Word, _ fixture: RolloutFixture) async throws -> [WallTime] {
        try await fixture.ledger.recordBytes(after: 0, limit: 1000)
            .map { try CanonicalJSON.decode(LedgerRecord.self, from: $0) }
            .filter { $0.event?.word == word }
            .map(\.at)
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let what: String
        let says: String?
        let change: @Sendable (inout Plan) -> Void
        var testDescription: String { what }
    }

    private static let now = RolloutFixture.now
    private static let closed = freeze(now + .hours(-1), now + .hours(2))

    static let rows: [Row] = [
        Row(what: "no calendar", says: nil) { _ in },
        Row(what: "open", says: nil) { $0.calendar = freeze(now + .hours(1), now + .hours(2)) },
        Row(what: "closed", says: "is closed until 2026-09-21T16:13:20Z: freeze: test. Start it then with --at") {
            $0.calendar = closed
        },
        Row(what: "closed for long", says: "Wait until it opens; in an emergency roll out now with --while-closed") {
            $0.calendar = freeze(now, now + .days(30))
        },
        Row(what: "closed, in an emergency", says: nil) {
            $0.calendar = closed
            $0.whileClosed = "closed"
        },
        Row(what: "for when it opens", says: nil) {
            $0.calendar = closed
            $0.schedule = StartSchedule(at: now + .hours(2), expires: now + .hours(3))
        },
        Row(what: "for a time at which it is closed", says: "is at 2026-09-21T15:13:20Z closed until") {
            $0.calendar = closed
            $0.schedule = StartSchedule(at: now + .hours(1), expires: now + .hours(3))
        },
        Row(what: "for a time that is over", says: "2026-09-21T14:13:20Z is over") {
            $0.schedule = StartSchedule(at: now, expires: now + .hours(3))
        },
        Row(what: "for next month", says: "is more than 7d ahead") {
            $0.schedule = StartSchedule(at: now + .days(8), expires: now + .days(9))
        },
    ]

    @Test("What may not begin is refused with why, when it opens, and the ways on", arguments: rows)
    func permit(_ row: Row) throws {
        let fixture = try RolloutFixture(hosts: 2, change: row.change)
        let permit = StartPermit(fixture.plan, at: Self.now)
        guard let says = row.says else { return try permit.demand() }
        let error = #expect(throws: CoordinatorError.self) { try permit.demand() }
        #expect(error?.code == .closed)
        #expect(error?.advice.contains(says) == true, "\(error?.advice ?? "")")
    }

    @Test("People are asked as long before it opens as they have time, and the clock is told once of each border")
    func clock() throws {
        let start = Self.now + .hours(3)
        let fixture = try RolloutFixture(hosts: 2, approvals: 1, approveWithin: .hours(1)) {
            $0.schedule = StartSchedule(at: start, expires: start + .hours(1))
        }
        let id = RolloutID(ledger: LedgerID(validated: "aaaaaaaa-0000-0000-0000-000000000000"), number: 1)
        let machine = RolloutMachine(id: id, plan: fixture.plan)
        var clock = try PlanClock(fixture.plan)
        let closure = Closure("is to start at \(start)", until: start)
        for (minutes, words) in [
            (0, [.opening(.closed(closure))]), (119, []), (120, [.opening(.near(closure))]), (179, []),
            (180, [.opening(.open)]), (239, []), (240, [.scheduleExpired]),
            // A wall clock that was set back is believed.
            (10, [.opening(.closed(closure))]),
        ] as [(Int64, [RolloutEvent.Word])] {
            let now = Self.now + .minutes(minutes)
            #expect(clock.isDue(for: machine, at: now) == !words.isEmpty)
            #expect(clock.words(for: machine, at: now) == words, "\(minutes)")
        }
    }
}
