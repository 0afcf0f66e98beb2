import Model
import Testing

extension EndToEnd {
    /// Workers with jobs that must not be killed in the middle.
    @Suite struct IdleTests {
        /// Works while /run/NAME/job is there, takes no job while it is drained, and writes down what becomes of one.
        private static func release(_ service: String, _ version: String, within: String) -> HandMade {
            HandMade(
                service: service,
                version: version,
                spec: [
                    "hooks:", "  drain: [bin/drain]", "  undrain: [bin/undrain]",
                    "  idle: {command: [bin/idle], within: \(within)}",
                ],
                unit: ["RuntimeDirectory=\(service)", "RuntimeDirectoryPreserve=yes"],
                run: """
                    trap 'test ! -e /run/\(service)/job || echo killed >>/run/\(service)/log; exit' TERM
                    while true; do sleep 1d & wait $!; done
                    """,
                scripts: [
                    "drain": "touch /run/\(service)/drained",
                    "undrain": "rm -f /run/\(service)/drained",
                    "idle": "test -e /run/\(service)/drained || exit 3; test ! -e /run/\(service)/job || exit 1",
                ]
            )
        }

        @Test(
            "A worker ends its job before it stops; one that stays busy runs on, and its host is put back: exit codes 0 and 4"
        )
        func jobs() async throws {
            try await FleetPool.shared.lend(hosts: 1) { fleet in
                try fleet.describe(FleetFile(service: "batch", floor: "0"))
                let first = try fleet.write(Self.release("batch", "1.0", within: "3m"))
                try await fleet.rollOut(first, code: .succeeded)
                let look = "systemctl show -P InvocationID -P MainPID batch.service"
                let before = try await fleet.shell(1, "touch /run/batch/job; \(look)")

                let next = try fleet.write(Self.release("batch", "1.1", within: "3s"))
                let rollout = try fleet.startFleet(next.rollout)
                try await fleet.waits(for: "h1 is busy: waits for it to be idle", from: rollout)
                let waiting = try await fleet.service(1, "batch")
                #expect(waiting.operation?.awaitsIdle == true && waiting.operation?.phase == .draining, "\(waiting)")
                #expect(try await fleet.shell(1, "agent status").contains("waits for it to be idle"))
                #expect(try await fleet.shell(1, look) == before)
                // The agent dies meanwhile, and goes on waiting.
                try await fleet.shell(1, "kill -KILL $(systemctl show -P MainPID agent.service)")
                try await fleet.eventually("the agent waits again") {
                    let script = "systemctl is-active agent || true; agent status 2>&1 || true"
                    let status = try await fleet.shell(1, script)
                    return status.hasPrefix("active") && status.contains("waits for it to be idle")
                }
                #expect(try await fleet.shell(1, look) == before)
                try await fleet.shell(1, "rm /run/batch/job")
                let end = try await rollout.end()
                try #require(end.code == ExitCode.succeeded.rawValue, "\(end)")
                try await fleet.expectReport(1, of: "batch", runs: "1.1", phase: .committed)

                let busy = try await fleet.shell(1, "touch /run/batch/job; \(look)")
                let third = try fleet.write(Self.release("batch", "1.2", within: "3s"))
                let failed = try await fleet.rollOut(third, code: .rolledBack)
                #expect(
                    failed.output.contains("batch.service was still busy after 3s, and was not stopped"),
                    "\(failed)"
                )
                try await fleet.eventually("it is looked at again") {
                    try await fleet.service(1, "batch").health == .healthy
                }
                let report = try await fleet.expectReport(1, of: "batch", runs: "1.1", phase: .reverted)
                #expect(report.operation?.failure?.code == .serviceBusy && !report.isDrained, "\(report)")
                #expect(try await fleet.shell(1, look) == busy)
                // No artifact is to blame, so it may simply be tried again.
                try await fleet.shell(1, "rm /run/batch/job; test ! -e /run/batch/drained; test ! -e /run/batch/log")
                try await fleet.rollOut(third, code: .succeeded)
            }
        }

        @Test("Who can't say whether it is idle is not stopped; a rollback is not kept out by that: exit codes 4 and 0")
        func broken() async throws {
            try await FleetPool.shared.lend(hosts: 1) { fleet in
                try fleet.describe(FleetFile(service: "mute", floor: "0"))
                try await fleet.rollOut(try fleet.write(Self.release("mute", "1.0", within: "3s")), code: .succeeded)
                var broken = Self.release("mute", "1.1", within: "3s")
                broken = HandMade(
                    service: broken.service,
                    version: broken.version,
                    spec: broken.spec,
                    unit: broken.unit,
                    run: broken.run,
                    scripts: broken.scripts.merging(["idle": "echo 'no database'; exit 2"]) { $1 }
                )
                try await fleet.rollOut(try fleet.write(broken), code: .succeeded)
                let end = try await fleet.rollOut(
                    try fleet.write(Self.release("mute", "1.2", within: "3s")),
                    code: .rolledBack
                )
                #expect(end.output.contains("idle hook 'bin/idle' ended with exit-code, status 2"), "\(end)")
                #expect(end.output.contains("no database"), "\(end)")
                try await fleet.eventually("it is looked at again") {
                    try await fleet.service(1, "mute").health == .healthy
                }
                try await fleet.expectReport(1, of: "mute", runs: "1.1", phase: .reverted)
                try await fleet.fleet("rollback", "mute", "--env", FleetFile.environment, "--yes", code: .succeeded)
                try await fleet.expectReport(1, of: "mute", runs: "1.0", phase: .committed)
            }
        }
    }
}
