import Model
import Testing

extension EndToEnd {
    /// Services that are cold when they start.
    @Suite struct WarmUpTests {
        @Test("A release is warmed up before it is back in service; one that can't be goes back: exit codes 0 and 4")
        func warmUp() async throws {
            try await FleetPool.shared.lend(hosts: 1) { fleet in
                try fleet.describe(FleetFile(service: "cold", floor: "0"))
                func release(_ version: String, _ warmUp: String) -> HandMade {
                    HandMade(
                        service: "cold",
                        version: version,
                        spec: [
                            "checks:", "  - command: [bin/check]",
                            "hooks: {undrain: [bin/undrain], warm_up: [bin/warm, all]}",
                        ],
                        unit: ["RuntimeDirectory=cold", "User=daemon"],
                        scripts: [
                            "check": "touch /run/cold/checked-\(version)",
                            "undrain": "test -e /run/cold/warm; echo \(version) >/run/cold/traffic",
                            "warm": "test -e /run/cold/checked-\(version); \(warmUp)",
                        ]
                    )
                }
                let good = #"echo "$1 $(id -un) ${GREETING:-}" >/run/cold/warm"#
                var file = FleetFile(service: "cold", floor: "0")
                file.config = ["GREETING": "servus"]
                try fleet.describe(file)
                try await fleet.rollOut(try fleet.write(release("1.0", good)), code: .succeeded)
                try await fleet.expectReport(1, of: "cold", runs: "1.0", phase: .committed)
                #expect(try await fleet.shell(1, "cat /run/cold/warm /run/cold/traffic") == "all daemon servus\n1.0")

                let bad = release("1.1", "echo 'the cache is empty'; exit 7")
                let end = try await fleet.rollOut(try fleet.write(bad), code: .rolledBack)
                #expect(end.output.contains("warm-up hook 'bin/warm all' ended with exit-code, status 7"), "\(end)")
                #expect(end.output.contains("the cache is empty"), "\(end)")
                let report = try await fleet.expectReport(1, of: "cold", runs: "1.0", phase: .reverted)
                #expect(report.operation?.failure?.code == .checkFailed && !report.isDrained, "\(report)")
                // The old release was stopped, so it was warmed up, too.
                #expect(try await fleet.shell(1, "cat /run/cold/warm") == "all daemon servus")
            }
        }

        @Test("An agent that is killed while it warms a release up begins that anew, and never two of it")
        func killed() async throws {
            try await FleetPool.shared.lend(hosts: 1) { fleet in
                try fleet.describe(FleetFile(service: "slow", floor: "0"))
                let release = HandMade(
                    service: "slow",
                    version: "1.0",
                    spec: ["hooks: {warm_up: [bin/warm]}"],
                    scripts: [
                        "warm": """
                        ! test -e /run/slow-warms || echo two >>/run/slow-log
                        trap 'rm /run/slow-warms' EXIT
                        trap 'exit 1' TERM
                        touch /run/slow-warms
                        echo begun >>/run/slow-log
                        sleep 3 & wait $!
                        """
                    ]
                )
                let rollout = try fleet.startFleet(try fleet.write(release).rollout)
                try await fleet.eventually("it is warmed up") {
                    try await fleet.shell(1, "test -e /run/slow-warms && echo yes || true") == "yes"
                }
                try await fleet.shell(1, "kill -KILL $(systemctl show -P MainPID agent.service)")
                let end = try await rollout.end()
                try #require(end.code == ExitCode.succeeded.rawValue, "\(end)")
                try await fleet.expectReport(1, of: "slow", runs: "1.0", phase: .committed)
                let log = try await fleet.shell(1, "cat /run/slow-log; rm /run/slow-log")
                #expect(log == "begun\nbegun", "\(log)")
            }
        }
    }
}
