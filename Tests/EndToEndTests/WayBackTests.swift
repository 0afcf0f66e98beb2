import Model
import Testing

extension EndToEnd {
    /// The operator's own ways back: rollback and abort.
    @Suite struct WayBackTests {
        @Test("A rollback goes to the release before; a second one in a row is refused and says how to go on")
        func rollback() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                let file = FleetFile(floor: "3", window: 2)
                try await fleet.begin(with: "3.0", file)
                try await fleet.rollOut(try await fleet.build("3.1"), code: .succeeded)
                let traffic = try await Traffic(fleet, floor: 3)
                let command = ["rollback", "hello", "--env", FleetFile.environment, "--yes"]

                let back = try await fleet.fleet(command)
                try #require(back.code == ExitCode.succeeded.rawValue, "\(back)")
                try await fleet.expect(1...5, run: "3.0")

                let again = try await fleet.fleet(command)
                try #require(again.code == ExitCode.refused.rawValue, "\(again)")
                #expect(again.messages.contains("--to"), "\(again)")
                try await fleet.expect(1...5, run: "3.0")

                let named = try await fleet.fleet(command + ["--to", "3.1"])
                try #require(named.code == ExitCode.succeeded.rawValue, "\(named)")
                try await fleet.expect(1...5, run: "3.1")
                let seen = try await traffic.stop()
                try #require(seen.lowest >= 3 && seen.belowFloor == 0, "\(seen)")
            }
        }

        @Test("Abort leaves what is finished, and the mixture is named: exit code 7")
        func abort() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try await fleet.begin(with: "3.2", FleetFile(floor: "4"))
                let next = try await fleet.build("3.3", healthyFor: "2s")
                let traffic = try await Traffic(fleet, floor: 4)
                let rollout = try fleet.startFleet(next.rollout)
                try await fleet.waits(for: "h2 switches", from: rollout)
                try await fleet.fleet("abort", "--reason", "wrong day", code: .aborted)
                let end = try await rollout.end()
                try #require(end.code == ExitCode.aborted.rawValue, "\(end)")
                #expect(end.output.contains("wrong day"), "\(end)")

                try await fleet.expect([1], run: "3.3", phase: .committed)
                try await fleet.expect([2], run: "3.2", phase: .reverted)
                try await fleet.expect(3...5, run: "3.2")
                let seen = try await traffic.stop()
                try #require(seen.lowest >= 4 && seen.belowFloor == 0, "\(seen)")
            }
        }

        @Test("Abort with --rollback takes back what is finished too: exit code 4")
        func abortRollback() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try await fleet.begin(with: "3.4", FleetFile(floor: "4"))
                let next = try await fleet.build("3.5", healthyFor: "2s")
                let traffic = try await Traffic(fleet, floor: 4)
                let rollout = try fleet.startFleet(next.rollout)
                try await fleet.waits(for: "h3 switches", from: rollout)
                try await fleet.fleet("abort", "--rollback", "--reason", "wrong day", code: .rolledBack)
                let end = try await rollout.end()
                try #require(end.code == ExitCode.rolledBack.rawValue, "\(end)")
                try await fleet.expect(1...5, run: "3.4")
                let seen = try await traffic.stop()
                try #require(seen.lowest >= 4 && seen.belowFloor == 0, "\(seen)")
            }
        }
    }
}
