import Model
import Testing

extension EndToEnd {
    /// Services that run in several instances of a template unit.
    @Suite struct CopiesTests {
        /// Each instance says what it runs; the check of the last one fails where `isBad`.
        private static func release(_ version: String, instances: Int, isBad: Bool = false) -> HandMade {
            let names = (1...instances).map(String.init).joined(separator: ", ")
            let check = "grep -qx \(version) /run/crew-$1"
            return HandMade(
                service: "crew",
                version: version,
                spec: [
                    "unit: systemd/crew@.service", "instances: [\(names)]", "check_deadline: 3s", "checks:",
                    "  - command: [bin/check, \"{instance}\"]",
                ],
                unit: nil,
                run: "echo \(version) >/run/crew-$1\nexec sleep infinity",
                scripts: ["check": isBad ? "test $1 != \(instances)" : check],
                others: [
                    "systemd/crew@.service": """
                    [Service]
                    ExecStart=/srv/crew/instances/%i/bin/run %i
                    Type=exec

                    [Install]
                    WantedBy=multi-user.target

                    """
                ]
            )
        }

        private static func state(_ instance: Int) -> String {
            "echo $(systemctl is-active crew@\(instance)) $(systemctl is-enabled crew@\(instance)) $(cat /run/crew-\(instance))"
        }

        @Test(
            "All instances change together, there may be fewer next time, and one that is ill takes all back: codes 0 and 4"
        )
        func together() async throws {
            try await FleetPool.shared.fresh(hosts: 1) { fleet in
                try fleet.describe(FleetFile(service: "crew", floor: "0"))
                func expect(_ instance: Int, _ words: String) async throws {
                    let found = try await fleet.shell(1, Self.state(instance))
                    #expect(found == words, "crew@\(instance): \(found)")
                }
                try await fleet.rollOut(try fleet.write(Self.release("80.0", instances: 3)), code: .succeeded)
                for instance in 1...3 { try await expect(instance, "active enabled 80.0") }

                try await fleet.rollOut(try fleet.write(Self.release("80.1", instances: 2)), code: .succeeded)
                for instance in 1...2 { try await expect(instance, "active enabled 80.1") }
                try await expect(3, "inactive disabled 80.0")
                try await fleet.shell(1, "agent verify crew")

                let bad = try fleet.write(Self.release("80.2", instances: 3, isBad: true))
                let end = try await fleet.rollOut(bad, code: .rolledBack)
                #expect(end.output.contains("command bin/check 3"), "\(end)")
                for instance in 1...2 { try await expect(instance, "active enabled 80.1") }
                #expect(try await fleet.shell(1, Self.state(3)).hasPrefix("inactive disabled"))

                try await fleet.shell(1, "systemctl stop crew@2")
                try await fleet.eventually("the agent sees that one was stopped") {
                    try await fleet.service(1, "crew").drift.contains { $0.hasPrefix("crew@2.service is inactive") }
                }
                try await fleet.onHost(1, "agent", "repair", "crew")
                try await fleet.eventually("all run again") {
                    try await fleet.service(1, "crew").drift.isEmpty
                }
                for instance in 1...2 { try await expect(instance, "active enabled 80.1") }
                _ = try await fleet.fleet("remove", "crew", "--env", FleetFile.environment, "--yes", code: .succeeded)
                for instance in 1...3 {
                    #expect(try await fleet.shell(1, "systemctl is-active crew@\(instance) || true") == "inactive")
                }
            }
        }
    }
}
