import Model
import Testing

extension EndToEnd {
    /// Processes and machines that die in the middle.
    @Suite struct CrashTests {
        @Test("A coordinator that was killed goes on with the same rollout when it is started again")
        func resumed() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try await fleet.begin(with: "4.0", FleetFile(floor: "4"))
                let next = try await fleet.build("4.1", healthyFor: "2s")
                let traffic = try await Traffic(fleet, floor: 4)
                let rollout = try fleet.startFleet(next.rollout)
                try await fleet.waits(for: "h2 switches", from: rollout)
                try await fleet.crash(rollout)

                let end = try await fleet.rollOut(next, code: .succeeded)
                let seen = try await traffic.stop()
                #expect(end.messages.contains("going on with it"), "\(end)")
                try await fleet.expect(1...5, run: "4.1", phase: .committed)
                try #require(seen.lowest >= 4 && seen.belowFloor == 0, "\(seen)")
            }
        }

        @Test("Without a coordinator a host takes back what was never committed, and the service is up")
        func forsaken() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try await fleet.begin(with: "4.2", FleetFile(floor: "4", settings: ["commit_within: 5s"]))
                let next = try await fleet.build("4.3", healthyFor: "2s")
                let traffic = try await Traffic(fleet, floor: 4)
                let rollout = try fleet.startFleet(next.rollout)
                try await fleet.waits(for: "h2 switches", from: rollout)
                try await fleet.crash(rollout)

                try await fleet.eventually("h2 reverts by itself") {
                    try await fleet.service(2).operation?.phase == .reverted
                }
                #expect(try await fleet.service(2).operation?.failure?.code == .commitMissing)
                for host in 2...5 { try await fleet.expectAnswer(host, "4.2") }
                try await fleet.expectAnswer(1, "4.3")

                try await fleet.fleet("abort", "--rollback", code: .rolledBack)
                try await fleet.expect(1...5, run: "4.2")
                let seen = try await traffic.stop()
                try #require(seen.lowest >= 4 && seen.belowFloor == 0, "\(seen)")
            }
        }

        @Test("An agent that is killed in mid-activation comes back and says what the host runs")
        func agentKilled() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try await fleet.begin(with: "4.4", FleetFile(floor: "4"))
                let next = try await fleet.build("4.5", healthyFor: "3s")
                let traffic = try await Traffic(fleet, floor: 4)
                let rollout = try fleet.startFleet(next.rollout)
                try await fleet.eventually("h2 checks") {
                    try await fleet.service(2).operation?.phase == .checking
                }
                try await fleet.shell(2, "systemctl kill --signal=KILL --kill-whom=main agent.service")
                let end = try await rollout.end()
                let seen = try await traffic.stop()

                // A crash of the agent is no fault of the release: it goes on where it was, and so does the rollout.
                try #require(end.code == ExitCode.succeeded.rawValue, "\(end)")
                try await fleet.expect(1...5, run: "4.5", phase: .committed)
                try #require(seen.lowest >= 4 && seen.belowFloor == 0, "\(seen)")
            }
        }

        @Test("A host that loses power with an uncommitted release boots with the one before")
        func powerCut() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try await fleet.begin(with: "4.6", FleetFile(floor: "4"))
                let next = try await fleet.build("4.7", healthyFor: "1s")
                let rollout = try fleet.startFleet(next.rollout)
                try await fleet.waits(for: "h1 switches", from: rollout)
                try await fleet.crash(rollout)
                try await fleet.eventually("h1 waits for its commit") {
                    try await fleet.service(1).operation?.phase == .awaitingCommit
                }
                try await fleet.expectAnswer(1, "4.7")
                try await fleet.power("kill", 1)
                try await fleet.power("start", 1)

                try await fleet.eventually("h1 has reverted") {
                    try await fleet.service(1).operation?.phase == .reverted
                }
                #expect(try await fleet.service(1).operation?.failure?.code == .rebooted)
                try await fleet.expectAnswer(1, "4.6")
                // The journal is of this boot alone: the new release was not even started.
                let log = try await fleet.shell(1, "journalctl --no-pager -o cat -u hello.service")
                #expect(log.contains("hello 4.6 is ready") && !log.contains("hello 4.7"), "\(log)")

                try await fleet.fleet("abort", code: .aborted)
                try await fleet.expect(1...5, run: "4.6")
            }
        }
    }
}
