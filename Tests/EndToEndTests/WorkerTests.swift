import Model
import Testing

extension EndToEnd {
    /// Services that listen on nothing, and what a release may run beside its unit.
    @Suite struct WorkerTests {
        @Test("A worker that lives but does not work is noticed by its heartbeat: exit code 4")
        func stuck() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                let file = FleetFile(service: "worker", hosts: [1, 2], floor: "1")
                try fleet.describe(file)
                let good = try await fleet.build("1.0", of: "worker")
                try await fleet.rollOut(good, code: .succeeded)
                for host in 1...2 { try await fleet.expectReport(host, of: "worker", runs: "1.0", phase: .committed) }

                let bad = try await fleet.build("1.1", of: "worker", fault: "stuck", healthyFor: "8s")
                try fleet.edit(bad, "service.yml", replace: "checks:", with: "check_deadline: 7s\nchecks:")
                let end = try await fleet.rollOut(bad, code: .rolledBack)
                #expect(end.output.contains("/run/worker/heartbeat"), "\(end)")
                let canary = try await fleet.service(1, "worker").operation
                #expect(
                    canary?.phase == .reverted && canary?.failure?.code == .checkFailed,
                    "\(String(describing: canary))"
                )
                for host in 1...2 {
                    try await fleet.eventually("h\(host) works again") {
                        try await fleet.service(host, "worker").health == .healthy
                    }
                    try await fleet.expectReport(host, of: "worker", runs: "1.0")
                }
            }
        }

        @Test("Drain, stop, start, check, undrain: a release's own commands run in this order")
        func hooks() async throws {
            try await FleetPool.shared.lend(hosts: 1) { fleet in
                try fleet.describe(FleetFile(service: "hooked", floor: "0"))
                func release(_ version: String) -> HandMade {
                    func note(_ word: String) -> String { "echo \(word) \(version) >>/run/hooked" }
                    return HandMade(
                        service: "hooked",
                        version: version,
                        spec: [
                            "checks:", "  - command: [bin/check]",
                            "hooks: {drain: [bin/drain], undrain: [bin/undrain]}",
                        ],
                        run: "trap '\(note("stop")); exit' TERM\n\(note("start"))\nsleep infinity & wait",
                        scripts: ["check": note("check"), "drain": note("drain"), "undrain": note("undrain")]
                    )
                }
                try await fleet.rollOut(try fleet.write(release("1.0")), code: .succeeded)
                try await fleet.expectReport(1, of: "hooked", runs: "1.0", phase: .committed)
                try await fleet.shell(1, "rm /run/hooked")
                try await fleet.rollOut(try fleet.write(release("1.1")), code: .succeeded)
                let report = try await fleet.expectReport(1, of: "hooked", runs: "1.1", phase: .committed)
                #expect(report.checks.map(\.label) == ["command bin/check"], "\(report)")
                #expect(!report.isDrained, "\(report)")

                // Checks come again and again, before and after: what counts is where each word stands first.
                let lines = try await fleet.shell(1, "grep -v 'check 1.0' /run/hooked").split(separator: "\n")
                let words = lines.reduce(into: [Substring]()) { if !$0.contains($1) { $0.append($1) } }
                #expect(
                    words.filter { $0 != "start 1.1" } == ["drain 1.0", "stop 1.0", "check 1.1", "undrain 1.1"],
                    "\(lines)"
                )
                // For systemd the unit runs once its process does, whose own first word may come after a check.
                let start = try #require(words.firstIndex(of: "start 1.1"), "\(lines)")
                #expect(words[..<start].contains("stop 1.0"), "\(lines)")
            }
        }

        @Test("A file that takes the host out of traffic is there from before the stop until after the checks")
        func drainFile() async throws {
            try await FleetPool.shared.lend(hosts: 1) { fleet in
                try fleet.describe(FleetFile(service: "hidden", floor: "0"))
                func release(_ version: String) -> HandMade {
                    func note(_ word: String) -> String {
                        "echo \(word) \(version) $(test ! -e /run/hidden-out || echo out) >>/run/hidden"
                    }
                    return HandMade(
                        service: "hidden",
                        version: version,
                        spec: [
                            "checks:", "  - command: [bin/check]",
                            "hooks: {drain: {file: /run/hidden-out, for: 1500ms}}",
                        ],
                        run: "trap '\(note("stop")); exit' TERM\n\(note("start"))\nsleep infinity & wait",
                        scripts: ["check": "test -e /srv/hidden/current/bin/run"]
                    )
                }
                try await fleet.rollOut(try fleet.write(release("1.0")), code: .succeeded)
                try await fleet.shell(1, "test ! -e /run/hidden-out; rm /run/hidden")
                let began = ContinuousClock.now
                try await fleet.rollOut(try fleet.write(release("1.1")), code: .succeeded)
                #expect(ContinuousClock.now - began > .milliseconds(1500))
                let lines = try await fleet.shell(1, "cat /run/hidden").split(separator: "\n")
                #expect(lines == ["stop 1.0 out", "start 1.1 out"], "\(lines)")
                try await fleet.shell(1, "test ! -e /run/hidden-out")
                try await fleet.expectReport(1, of: "hidden", runs: "1.1", phase: .committed)
            }
        }

        @Test("A command check that fails ends the rollout with what it said: exit code 4")
        func command() async throws {
            try await FleetPool.shared.lend(hosts: 1) { fleet in
                try fleet.describe(FleetFile(service: "asked", floor: "0"))
                func release(_ version: String, _ check: String) -> HandMade {
                    HandMade(
                        service: "asked",
                        version: version,
                        spec: ["check_deadline: 2s", "checks:", "  - command: [bin/check]"],
                        scripts: ["check": check]
                    )
                }
                try await fleet.rollOut(try fleet.write(release("1.0", "exit 0")), code: .succeeded)
                let bad = release("1.1", "echo 'schema 7 is missing'; exit 3")
                let end = try await fleet.rollOut(try fleet.write(bad), code: .rolledBack)
                #expect(end.output.contains("bin/check"), "\(end)")
                #expect(end.output.contains("schema 7 is missing"), "\(end)")
                try await fleet.expectReport(1, of: "asked", runs: "1.0", phase: .reverted)
            }
        }
    }
}
