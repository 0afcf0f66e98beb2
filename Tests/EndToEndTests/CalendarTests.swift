import Foundation
import Model
import Testing

extension EndToEnd {
    /// Hours, freezes, and rollouts that begin later, by the clock of this machine.
    @Suite struct CalendarTests {
        @Test("Hours that end hold a rollout after its stage; it goes on by itself when they begin again: exit code 0")
        func holds() async throws {
            try await FleetPool.shared.lend(hosts: 3) { fleet in
                try await fleet.begin(with: "31.0", FleetFile(floor: "2"))
                let next = try await fleet.build("31.1", healthyFor: "1s")
                let now = Date()
                let reopens = now.addingTimeInterval(28)
                // However long the canary takes, its bake goes on when the first hours end.
                let hours = """
                    hours: [{from: \(Self.time(now.addingTimeInterval(-60))), until: \(Self.time(now.addingTimeInterval(12)))}, \
                    {from: \(Self.time(reopens)), until: \(Self.time(now.addingTimeInterval(600)))}]
                    """
                let stages = ["canary: 1, bake: 12s", "rest: true"]
                try fleet.describe(FleetFile(floor: "2", stages: stages, settings: ["time_zone: UTC", hours]))
                let traffic = try await Traffic(fleet, floor: 2)
                let rollout = try fleet.startFleet(next.rollout)
                try await fleet.waits(for: "closed until", from: rollout)
                #expect(rollout.words.messages.contains("h1 is done"), "\(rollout.words.messages)")
                try await fleet.eventually("it holds") {
                    let why = try await fleet.fleet("why")
                    return why.output.contains("holds, closed until \(Self.stamp(reopens))")
                }
                #expect(try await fleet.fleet("status").output.contains(": baking, holds, closed until"))
                let end = try await rollout.end(within: .seconds(60))
                try #require(end.code == ExitCode.succeeded.rawValue, "\(end)")
                try await fleet.expect(1...3, run: "31.1", phase: .committed)
                let began = try #require(Self.moment(of: "h2 switches", in: end.messages))
                #expect(began >= Self.time(reopens), "\(end.messages)")
                let seen = try await traffic.stop()
                try #require(seen.lowest >= 2 && seen.belowFloor == 0, "\(seen)")
            }
        }

        @Test("A freeze refuses a rollout and says the ways on; in an emergency it goes on, on the record: 3 and 0")
        func freeze() async throws {
            try await FleetPool.shared.lend(hosts: 3) { fleet in
                try await fleet.begin(with: "31.2", FleetFile(floor: "2"))
                let next = try await fleet.build("31.3")
                let until = Date().addingTimeInterval(3600)
                let from = Date().addingTimeInterval(-3600)
                let freezes = """
                    freezes: [{from: \(Self.stamp(from)), until: \(Self.stamp(until)), reason: Black Friday}]
                    """
                try fleet.describe(FleetFile(floor: "2", settings: [freezes]))
                let refused = try await fleet.rollOut(next, code: .refused)
                for words in ["freeze: Black Friday", "--at \(Self.stamp(until))", "--while-closed --reason"] {
                    #expect(refused.messages.contains(words), "\(refused)")
                }
                let late = try await fleet.rollOut(
                    next,
                    "--at",
                    Self.stamp(until.addingTimeInterval(-60)),
                    code: .refused
                )
                #expect(late.messages.contains("is at"), "\(late)")
                try await fleet.expect(1...3, run: "31.2")
                try await fleet.rollOut(next, "--while-closed", "--reason", "CVE-2026-1", code: .succeeded)
                try await fleet.expect(1...3, run: "31.3", phase: .committed)
                let why = try await fleet.fleet("why")
                #expect(why.output.contains("CLOSED") && why.output.contains("CVE-2026-1"), "\(why)")
                // What goes back waits for nothing.
                try await fleet.fleet("rollback", "hello", "--env", FleetFile.environment, "--yes", code: .succeeded)
                let audit = try await fleet.fleet("audit", "export", code: .succeeded).output
                #expect(
                    audit.contains("rollout.refused") && audit.contains("environment.closed"),
                    "\(audit.suffix(2000))"
                )
            }
        }

        @Test("A rollout for later waits with its coordinator, over a restart; past its time it ends refused: 0 and 3")
        func scheduled() async throws {
            try await FleetPool.shared.lend(hosts: 3) { fleet in
                try await fleet.begin(with: "31.4", FleetFile(floor: "2"))
                let team = try await Team(fleet)
                let next = try await fleet.build("31.5")
                let start = Date().addingTimeInterval(12)
                let rollout = try team.start("bob", next.rollout + ["--at", Self.stamp(start), "--expires", "1m"])
                try await fleet.waits(for: "is to start at \(Self.stamp(start))", from: rollout)
                try await team.crash()
                try await team.serve()
                let status = try await team.fleet("carol", ["status"])
                #expect(status.output.contains(": scheduled, holds, closed until"), "\(status)")
                let history = try await team.fleet("carol", ["history"])
                #expect(history.output.contains("starts at \(Self.stamp(start))"), "\(history)")
                let end = try await rollout.end(within: .seconds(60))
                try #require(end.code == ExitCode.succeeded.rawValue, "\(end)")
                let began = try #require(Self.moment(of: "h1 switches", in: end.messages))
                #expect(began >= Self.time(start), "\(end.messages)")
                try await fleet.expect(1...3, run: "31.5", phase: .committed)

                let last = try await fleet.build("31.6")
                let soon = Date().addingTimeInterval(5)
                let missed = try team.start("bob", last.rollout + ["--at", Self.stamp(soon), "--expires", "1s"])
                try await fleet.waits(for: "is to start at", from: missed)
                try await team.crash()
                try await fleet.eventually("its time is over") { Date() > soon.addingTimeInterval(1.1) }
                try await team.serve()
                let ended = try await missed.end(within: .seconds(60))
                try #require(ended.code == ExitCode.refused.rawValue, "\(ended)")
                #expect(ended.output.contains("was to start at"), "\(ended)")
                try await fleet.expect(1...3, run: "31.5")
                try await team.stop()
            }
        }

        // MARK: Times

        private static func stamp(_ date: Date) -> String { ISO8601DateFormatter().string(from: date) }

        /// The time of day in UTC, as `hours` have it.
        private static func time(_ date: Date) -> String { String(stamp(date).dropFirst(11).dropLast()) }

        /// The time of day at which something was said.
        private static func moment(of words: String, in messages: String) -> String? {
            messages.split(separator: "\n").first { $0.contains(words) }.map { String($0.prefix(8)) }
        }
    }
}
