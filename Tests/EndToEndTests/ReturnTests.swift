import Model
import Testing

extension EndToEnd {
    /// Hosts that come back when the rollout is over, and new ones.
    @Suite struct ReturnTests {
        @Test("Power cut in the middle of its change, a host comes back after the end, and is brought to it by itself")
        func serves() async throws {
            try await FleetPool.shared.lend(hosts: 3) { fleet in
                try await fleet.begin(with: "70.0", FleetFile(floor: "1", window: 2, settings: Self.serve))
                let team = try await Team(fleet)
                let label = try await fleet.loseSecond(to: "70.1", by: team)
                let status = try await team.fleet("bob", ["status"])
                #expect(status.output.contains("h2: unknown: was lost while \(label) changed it"), "\(status)")
                #expect(status.output.contains("brought there by itself once it is back"), "\(status)")
                let record = try await team.fleet("bob", ["status", "--output", "json"])
                #expect(record.output.contains(#""state" : "unknown""#), "\(record)")

                try await fleet.power("start", 2)
                try await fleet.returns(2, to: "70.1")
                let history = try await team.fleet("bob", ["history", "-n", "1"])
                #expect(history.output.contains("main@") && history.output.contains("succeeded"), "\(history)")
                try await fleet.expect(1...3, run: "70.1")
                let after = try await team.fleet("bob", ["status"])
                #expect(!after.output.contains("h2:"), "\(after)")
                try await team.stop()
            }
        }

        @Test("Where hosts that come back are held, they are shown until a person lets them catch up")
        func holds() async throws {
            try await FleetPool.shared.lend(hosts: 3) { fleet in
                let settings = ["failure_budget: 1"]
                try await fleet.begin(with: "71.0", FleetFile(floor: "1", window: 2, settings: settings))
                let team = try await Team(fleet)
                let label = try await fleet.loseSecond(to: "71.1", by: team)
                try await fleet.power("start", 2)
                try await fleet.waitForLook(2)
                // More than one look of a coordinator that would bring it.
                try await Task.sleep(for: .seconds(20))
                let status = try await team.fleet("bob", ["status"])
                #expect(status.output.contains("h2: behind: runs 71.0, should run 71.1"), "\(status)")
                let command = ["catch-up", "--service", "hello", "--env", FleetFile.environment]
                #expect(status.output.contains("fleet \(command.joined(separator: " "))"), "\(status)")
                try await fleet.expectAnswer(2, "71.0")
                let why = try await team.fleet("bob", ["why", label])
                #expect(why.output.contains("unknown, lost and may run either release: h2"), "\(why)")

                let caught = try await team.fleet("bob", command + ["--yes"])
                try #require(caught.code == ExitCode.succeeded.rawValue, "\(caught)")
                try await fleet.expect(1...3, run: "71.1")
                let again = try await team.fleet("bob", command + ["--yes"])
                try #require(again.code == ExitCode.succeeded.rawValue, "\(again)")
                #expect(again.output.contains("nothing to do"), "\(again)")
                try await team.stop()
            }
        }

        @Test("A new host is brought to what the others run")
        func new() async throws {
            try await FleetPool.shared.fresh(hosts: 3) { fleet in
                try await fleet.begin(with: "72.0", FleetFile(hosts: [1, 2], floor: "1"))
                try fleet.describe(FleetFile(floor: "1", settings: Self.serve))
                let team = try await Team(fleet)
                try await fleet.returns(3, to: "72.0")
                try await fleet.expect(1...3, run: "72.0")
                try await team.stop()
            }
        }

        @Test("What was taken back on evidence of its own is refused, unless somebody takes it again and says why")
        func quarantine() async throws {
            try await FleetPool.shared.lend(hosts: 3) { fleet in
                try await fleet.begin(with: "73.0", FleetFile(floor: "1"))
                let bad = try await fleet.build("73.1", fault: "unhealthy")
                try await fleet.rollOut(bad, code: .rolledBack)
                let status = try await fleet.fleet("status", code: .succeeded)
                #expect(status.output.contains("73.1 is quarantined in \(FleetFile.environment)"), "\(status)")
                let refused = try await fleet.rollOut(bad, code: .refused)
                #expect("\(refused)".contains("--again --reason"), "\(refused)")
                try await fleet.rollOut(bad, "--again", code: .usage)
                let again = try await fleet.rollOut(bad, "--again", "--reason", "try once more", code: .rolledBack)
                #expect(again.messages.contains("quarantined its artifact here"), "\(again)")
                try await fleet.expect(1...3, run: "73.0")
                // What is confirmed is in nobody's way.
                try await fleet.fleet("restart", "hello", "--env", FleetFile.environment, "--yes", code: .succeeded)
            }
        }

        private static let serve = ["on_return: serve", "failure_budget: 1"]
    }
}

extension Fleet {
    /// A rollout in which h2 loses power while it switches; answers its label.
    fileprivate func loseSecond(to version: String, by team: Team) async throws -> String {
        let next = try await build(version, healthyFor: "4s")
        let rollout = try team.start("bob", next.rollout)
        try await waits(for: "h2 switches", from: rollout)
        try await power("kill", 2)
        let end = try await rollout.end(within: .seconds(180))
        try #require(end.code == ExitCode.incomplete.rawValue, "\(end)")
        return String(try #require(end.output.firstMatch(of: /R[0-9]+/), "\(end)").output)
    }

    /// Waits until a host runs what the others do, and nobody claims it any more.
    fileprivate func returns(_ host: Int, to version: String) async throws {
        try await eventually("h\(host) runs \(version)", within: .seconds(180)) {
            guard try await answer(host).contains(" \(version) from h\(host)") else { return false }
            let report = try await service(host)
            return report.claim == nil && report.operation?.phase == .committed
        }
    }
}
