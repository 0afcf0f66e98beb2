import Model
import Testing

extension EndToEnd {
    /// Services that take a release up without being stopped.
    @Suite struct ReloadTests {
        /// Answers with what it has read last; reads anew at SIGHUP, and goes on as it was where what it finds is no good.
        private static func release(_ version: String, value: String? = nil) -> HandMade {
            HandMade(
                service: "steady",
                version: version,
                spec: ["strategy: reload", "check_deadline: 2s", "checks:", "  - command: [bin/check]"],
                unit: ["ExecReload=/bin/kill -HUP $MAINPID", "RuntimeDirectory=steady"],
                run: """
                    load() { value=$(/srv/steady/current/bin/value) && echo "$value ${GREETING:-}" >/run/steady/value; }
                    trap 'load || true' HUP
                    load
                    while true; do sleep 1d & wait $! || true; done
                    """,
                scripts: [
                    "value": value.map { "echo \($0)" } ?? "echo 'no such option'; exit 1",
                    // What shows that it is this release which works, and not the one before.
                    "check": "read -r value rest </run/steady/value; test \"$value\" = \"\(value ?? version)\"",
                ]
            )
        }

        @Test("A release is taken up by the process that runs; one that it can't load goes back, and it never stops")
        func reload() async throws {
            try await FleetPool.shared.lend(hosts: 1) { fleet in
                try fleet.describe(FleetFile(service: "steady", floor: "0"))
                let look = "systemctl show -P InvocationID -P MainPID steady.service; cat /run/steady/value"
                try await fleet.rollOut(try fleet.write(Self.release("1.0", value: "one")), code: .succeeded)
                let first = try await fleet.shell(1, look).split(separator: "\n")
                #expect(first.last == "one hello", "\(first)")

                try await fleet.rollOut(try fleet.write(Self.release("1.1", value: "two")), code: .succeeded)
                try await fleet.expectReport(1, of: "steady", runs: "1.1", phase: .committed)
                let second = try await fleet.shell(1, look).split(separator: "\n")
                #expect(second.last == "two hello" && second.dropLast() == first.dropLast(), "\(first) \(second)")

                let end = try await fleet.rollOut(try fleet.write(Self.release("1.2")), code: .rolledBack)
                #expect("\(end)".contains("bin/check"), "\(end)")
                try await fleet.expectReport(1, of: "steady", runs: "1.1", phase: .reverted)
                #expect(try await fleet.shell(1, look).split(separator: "\n") == second)

                // What a process has from its start is not reloaded.
                var file = FleetFile(service: "steady", floor: "0")
                file.config = ["GREETING": "servus"]
                try fleet.describe(file)
                try await fleet.rollOut(try fleet.write(Self.release("1.3", value: "three")), code: .succeeded)
                let third = try await fleet.shell(1, look).split(separator: "\n")
                #expect(third.last == "three servus" && third.first != first.first, "\(first) \(third)")
            }
        }

        @Test("A unit without ExecReload= is refused in prepare")
        func noReload() async throws {
            try await FleetPool.shared.lend(hosts: 1) { fleet in
                try fleet.describe(FleetFile(service: "stiff", floor: "0"))
                let spec = ["strategy: reload", "checks:", "  - command: [bin/run]"]
                let release = HandMade(service: "stiff", version: "1.0", spec: spec)
                let refused = try await fleet.rollOut(try fleet.write(release), code: .refused)
                #expect("\(refused)".contains("has no 'ExecReload='"), "\(refused)")
                try await fleet.expectNothing(1, of: "stiff")
            }
        }
    }
}
