import Model
import Testing

extension EndToEnd {
    /// `on_commit_missing: keep`: hosts that hear no commit keep a release that is healthy, and say that nobody has
    /// committed it.
    @Suite struct KeepTests {
        private static let settings = ["commit_within: 3s", "on_commit_missing: keep"]

        @Test(
            "Kept by the timer alone, and over a reboot; the coordinator reads that on its return and commits: code 0"
        )
        func committed() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try await fleet.leaveWaiting("31.0", "31.1", ["commit_within: 6s", "on_commit_missing: keep"])
                try await fleet.shell(
                    1,
                    """
                    systemctl mask --runtime --quiet agent.service
                    kill -KILL $(systemctl show -P MainPID agent.service)
                    """
                )
                try await fleet.eventually("h1 has kept it") {
                    try await fleet.service(1).operation?.phase == .kept
                }
                let status = try await fleet.onHost(1, "agent", "status")
                #expect(status.output.contains("kept without commit"), "\(status)")
                try await fleet.power("kill", 1)
                try await fleet.power("start", 1)
                try await fleet.waitForLook(1)
                let report = try await fleet.service(1)
                try #require(report.operation?.phase == .kept && report.claim != nil, "\(report)")
                try await fleet.expectAnswer(1, "31.1")

                let next = ["rollout", "hello", "dist/hello-31.1", "--version", "31.1", "--env", FleetFile.environment]
                let end = try await fleet.fleet(next + ["--yes"])
                try #require(end.code == ExitCode.succeeded.rawValue, "\(end)")
                #expect(end.messages.contains("going on with it"), "\(end)")
                try await fleet.expect(1...2, run: "31.1", phase: .committed)
                let history = try await fleet.onHost(1, "agent", "history", "hello")
                #expect(history.output.contains("kept") && history.output.contains("committed"), "\(history)")
            }
        }

        @Test("What was kept goes back with its rollout; what is ill at the deadline has gone back by itself")
        func reverted() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try await fleet.leaveWaiting("31.2", "31.3", Self.settings)
                try await fleet.eventually("h1 has kept it") {
                    try await fleet.service(1).operation?.phase == .kept
                }
                let shown = try await fleet.fleet("status")
                #expect(shown.output.contains("kept without commit"), "\(shown)")
                try await fleet.fleet("abort", "--rollback", code: .rolledBack)
                try await fleet.expect(1...2, run: "31.2")

                try await fleet.leaveWaiting("31.4", "31.5", ["commit_within: 6s", "on_commit_missing: keep"])
                try await fleet.shell(1, "systemctl stop hello.service")
                try await fleet.eventually("h1 has gone back") {
                    try await fleet.service(1).operation?.phase == .reverted
                }
                let failure = try await fleet.service(1).operation?.failure
                #expect(failure?.code == .commitMissing && failure?.message.contains("not healthy") == true)
                try await fleet.fleet("abort", code: .aborted)
                try await fleet.expect(1...2, run: "31.4")
            }
        }
    }
}
