import Model
import Rollout
import TestSupport
import Testing

struct PlanTextTests {
    @Test(
        "Plans read as recorded",
        arguments: [
            "default", "one-host", "stages", "calendar", "while-closed", "ramp", "regions", "proven", "unproven",
            "queued", "alongside", "together",
        ]
    )
    func golden(_ name: String) throws {
        #expect(try Golden.difference(PlanText(plan(name)).text, "plan/\(name).txt") == nil)
    }

    private func calendar() throws -> ChangeCalendar {
        let zone = try TimeZoneName(parsing: "Europe/Berlin")
        func hours(_ days: String, _ from: String, _ until: String) throws -> ChangeHours {
            ChangeHours(
                days: try Weekday.days(parsing: days),
                from: try TimeOfDay(parsing: from),
                until: try TimeOfDay(parsing: until),
                timeZone: zone
            )
        }
        let freeze = Freeze(
            from: try CalendarMoment(parsing: "2026-11-26"),
            until: try CalendarMoment(parsing: "2026-11-30T09:00"),
            reason: "Black Friday",
            timeZone: zone
        )
        return ChangeCalendar(
            hours: [try hours("mon-thu", "09:00", "16:30"), try hours("fri", "09:00", "12:00")],
            freezes: [freeze]
        )
    }

    private func plan(_ name: String) throws -> Plan {
        switch name {
        case "one-host": return try Planner.plan(PlanFixture.request(PlanFixture.environment(PlanFixture.hosts(1))))
        case "stages":
            let hosts = try PlanFixture.hosts(12, region: { $0 <= 9 ? "eu" : "us" }, zone: { $0 <= 6 ? "a" : "b" })
            let rule = try CapacityPolicy.PlaceRule(
                place: .zone(ZoneName(parsing: "a")),
                floor: .percent(50),
                window: .count(1)
            )
            let stages = [
                StagePolicy(selection: .canary(.count(1)), bake: .minutes(10)),
                StagePolicy(
                    selection: .region(try RegionName(parsing: "eu")),
                    window: .percent(25),
                    bake: .minutes(30)
                ),
            ]
            let capacity = CapacityPolicy(floor: .percent(80), window: .count(2), places: [rule])
            let environment = try PlanFixture.environment(hosts, capacity: capacity, stages: stages)
            return try Planner.plan(PlanFixture.request(environment))
        case "ramp":
            let ramp = StagePolicy.Selection.ramp([.count(1), .percent(10), .percent(50), .percent(100)])
            var environment = try PlanFixture.environment(
                PlanFixture.hosts(20),
                capacity: CapacityPolicy(floor: .percent(80), window: .count(2)),
                stages: [StagePolicy(selection: ramp)]
            )
            environment.bake = FallingBake(first: .minutes(40), least: .minutes(8))
            environment.offline = .skip(2)
            return try Planner.plan(PlanFixture.request(environment))
        case "regions":
            let label = HostLabel(validated: "internal")
            var hosts = try PlanFixture.hosts(6, region: { $0 <= 4 ? "eu" : "us" })
            hosts[3].labels = [label]
            let stages = [
                StagePolicy(selection: .canary(.count(1)), label: label, bake: .minutes(10)),
                StagePolicy(selection: .regions(.ascending)),
            ]
            var environment = try PlanFixture.environment(hosts, stages: stages)
            environment.offline = .wait(.minutes(30))
            return try Planner.plan(PlanFixture.request(environment))
        case "proven", "unproven":
            var request = try PlanFixture.request(PlanFixture.environment(PlanFixture.hosts(3)))
            let proof = Proving.Proof(
                environment: EnvironmentName(validated: "staging"),
                rollout: RolloutID(ledger: LedgerID(validated: "01234567-89ab-4def-8123-456789abcdef"), number: 12),
                since: try WallTime(rfc3339: "2026-12-01T21:00:00Z")
            )
            request.proving = Proving(proofs: [proof])
            if name == "unproven" {
                request.proving?.lacking = ["nothing was rolled out with success to load"]
                request.reason = "CVE-2026-1234"
            }
            return try Planner.plan(request)
        case "calendar", "while-closed":
            var environment = try PlanFixture.environment(PlanFixture.hosts(3))
            environment.calendar = try calendar()
            var request = try PlanFixture.request(environment)
            if name == "calendar" {
                let start = try WallTime(rfc3339: "2026-12-01T21:00:00Z")
                request.schedule = StartSchedule(at: start, expires: start + .hours(2))
            } else {
                request.whileClosed = "closed until 2026-11-30T08:00:00Z: freeze: Black Friday"
                request.reason = "CVE-2026-1234"
            }
            return try Planner.plan(request)
        case "together":
            let hosts = try PlanFixture.hosts(9, region: { $0 == 1 ? nil : $0 <= 5 ? "eu" : "us" })
            let stages = [
                StagePolicy(selection: .canary(.count(1))),
                StagePolicy(selection: .regions(.together), window: .percent(50), floor: .percent(60)),
            ]
            let capacity = CapacityPolicy(floor: .count(4), window: .count(1))
            return try Planner.plan(
                PlanFixture.request(PlanFixture.environment(hosts, capacity: capacity, stages: stages))
            )
        case "queued", "alongside":
            let ledger = LedgerID(validated: "01234567-89ab-4def-8123-456789abcdef")
            var plan = try Planner.plan(PlanFixture.request(PlanFixture.environment(PlanFixture.hosts(3))))
            plan.concurrent = [("api", 12, 0, true), ("db", 13, 2, false)].map { service, number, shared, mustSucceed in
                ConcurrentRollout(
                    rollout: RolloutID(ledger: ledger, number: number),
                    service: ServiceName(validated: service),
                    environment: plan.environment,
                    sharedHosts: shared,
                    mustSucceed: mustSucceed
                )
            }
            if name == "alongside" {
                plan.concurrency = .alongside
                plan.supersedes = RolloutID(ledger: ledger, number: 11)
                plan.reason = "the canary burns"
            }
            return plan
        default: return try Planner.plan(PlanFixture.request(PlanFixture.environment(PlanFixture.hosts(3))))
        }
    }
}
