import Model
import Testing

extension EndToEnd {
    /// Jobs that a timer of systemd starts.
    @Suite struct TimerTests {
        /// Runs every second until /run/NAME-slow is there, and then takes its time.
        private static func release(_ version: String, _ run: String = "", within: String = "60s") -> HandMade {
            HandMade(
                service: "report",
                version: version,
                spec: [
                    "unit: systemd/report.timer",
                    "job: {unit: systemd/report.service, within: \(within), trial: true}",
                ],
                unit: nil,
                run: """
                    trap 'echo killed \(version) >>/run/report-log; exit 1' TERM
                    \(run)
                    echo begun \(version) $(id -un) >>/run/report-log
                    while test -e /run/report-slow; do sleep 0.1; done
                    echo ended \(version) >>/run/report-log
                    """,
                others: [
                    "systemd/report.timer": """
                    [Timer]
                    OnActiveSec=1s
                    OnUnitInactiveSec=1s
                    AccuracySec=100ms

                    [Install]
                    WantedBy=timers.target

                    """,
                    "systemd/report.service": """
                    [Service]
                    Type=oneshot
                    ExecStart=/srv/report/current/bin/run

                    """,
                ]
            )
        }

        @Test("The example runs once before its timer starts, and the timer is there for the next boot: exit code 0")
        func example() async throws {
            try await FleetPool.shared.lend(hosts: 1) { fleet in
                try fleet.describe(FleetFile(service: "report", floor: "0"))
                let path = "dist/report-example"
                let words = ["\(Machine.checkout)/examples/report/build", "5.0", "\(fleet.directory)/\(path)"]
                let built = try await fleet.start(words, subject: "build").end()
                try #require(built.code == 0, "\(built)")
                let release = ExampleRelease(service: "report", version: "5.0", path: path)
                try await fleet.rollOut(release, code: .succeeded)
                try await fleet.expectReport(1, of: "report", runs: "5.0", phase: .committed)
                let look = "systemctl is-enabled report.timer; head -c 10 /var/lib/report/report.txt"
                #expect(try await fleet.shell(1, look) == "enabled\nreport 5.0")
            }
        }

        @Test(
            "A run that is under way ends before its timer's release changes; a trial that fails goes back: exit codes 0 and 4"
        )
        func runs() async throws {
            try await FleetPool.shared.lend(hosts: 1) { fleet in
                try fleet.describe(FleetFile(service: "report", floor: "0"))
                try await fleet.rollOut(try fleet.write(Self.release("1.0")), code: .succeeded)
                try await fleet.expectReport(1, of: "report", runs: "1.0", phase: .committed)
                try await fleet.eventually("the timer has started a run") {
                    try await fleet.shell(1, "grep -c 'ended 1.0' /run/report-log || true") != "1"
                }
                #expect(try await fleet.shell(1, "systemctl is-enabled report.timer") == "enabled")

                // A run that takes long.
                try await fleet.shell(1, "touch /run/report-slow")
                try await fleet.eventually("a run is under way") {
                    try await fleet.shell(1, "tail -n 1 /run/report-log").hasPrefix("begun")
                }
                let rollout = try fleet.startFleet(try fleet.write(Self.release("1.1", within: "3s")).rollout)
                try await fleet.waits(for: "h1 is busy: waits for it to be idle", from: rollout)
                let state = "systemctl show -P ActiveState report.timer report.service"
                #expect(try await fleet.shell(1, state).split(separator: "\n") == ["inactive", "activating"])
                try await fleet.shell(1, "kill -KILL $(systemctl show -P MainPID agent.service)")
                try await fleet.shell(1, "sleep 3; rm /run/report-slow")
                let end = try await rollout.end()
                try #require(end.code == ExitCode.succeeded.rawValue, "\(end)")
                try await fleet.expectReport(1, of: "report", runs: "1.1", phase: .committed)
                let log = try await fleet.shell(1, "cat /run/report-log")
                #expect(!log.contains("killed") && log.contains("begun 1.1 root"), "\(log)")

                // One that takes longer than it may.
                try await fleet.shell(1, "touch /run/report-slow")
                try await fleet.eventually("a run is under way") {
                    try await fleet.shell(1, "tail -n 1 /run/report-log").hasPrefix("begun")
                }
                let busy = try await fleet.rollOut(try fleet.write(Self.release("1.2")), code: .rolledBack)
                #expect(busy.output.contains("report.service was still busy after 3s, and was not stopped"), "\(busy)")
                #expect(try await fleet.shell(1, state).split(separator: "\n") == ["active", "activating"])
                try await fleet.shell(1, "rm /run/report-slow")
                try await fleet.expectReport(1, of: "report", runs: "1.1", phase: .reverted)

                // One that does not work.
                let bad = Self.release("1.3", "echo 'no such table'; exit 5")
                let failed = try await fleet.rollOut(try fleet.write(bad), code: .rolledBack)
                #expect(
                    failed.output.contains("report.service") && failed.output.contains("no such table"),
                    "\(failed)"
                )
                try await fleet.expectReport(1, of: "report", runs: "1.1", phase: .reverted)
                let after = try await fleet.shell(1, "cat /run/report-log")
                #expect(!after.contains("killed") && !after.contains("1.3"), "\(after)")
            }
        }
    }
}
