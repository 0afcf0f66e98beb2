import Model
import Testing

extension EndToEnd {
    /// What parses foreign bytes confines itself, or does nothing.
    @Suite struct SandboxTests {
        @Test(
            "Under the packaged unit a release is unpacked; where the sandbox can't be had it is refused: exit code 3"
        )
        func unconfined() async throws {
            try await FleetPool.shared.lend(hosts: 1) { fleet in
                try fleet.describe(FleetFile(service: "confined", floor: "0"))
                try await fleet.rollOut(
                    try fleet.write(HandMade(service: "confined", version: "1.0")),
                    code: .succeeded
                )
                try await fleet.expectReport(1, of: "confined", runs: "1.0", phase: .committed)
                let current = try await fleet.shell(1, "readlink /srv/confined/current")

                let dropIn = "/etc/systemd/system/agent.service.d/50-strict.conf"
                try await fleet.shell(
                    1,
                    """
                    mkdir -p ${0%/*}
                    filter=$(sed -n 's/^SystemCallFilter=\\(.*\\) seccomp/\\1/p' /lib/systemd/system/agent.service)
                    printf '[Service]\\nSystemCallFilter=\\nSystemCallFilter=%s\\n' "$filter" >$0
                    systemctl daemon-reload; systemctl restart agent.service
                    """.replacing("${0%/*}", with: "/etc/systemd/system/agent.service.d").replacing("$0", with: dropIn)
                )
                let next = try fleet.write(HandMade(service: "confined", version: "1.1"))
                let end = try await fleet.rollOut(next, code: .refused)
                #expect("\(end)".contains("artifact.unconfined"), "\(end)")
                #expect(try await fleet.shell(1, "readlink /srv/confined/current") == current)
                try await fleet.eventually("the agent has looked") {
                    try await fleet.service(1, "confined").health == .healthy
                }
                try await fleet.expectReport(1, of: "confined", runs: "1.0")
                let names = try await fleet.shell(1, "ls -A /srv/confined/releases")
                #expect(!names.contains("1.1"), "\(names)")

                try await fleet.shell(1, "rm \(dropIn); systemctl daemon-reload; systemctl restart agent.service")
                try await fleet.rollOut(next, code: .succeeded)
                try await fleet.expectReport(1, of: "confined", runs: "1.1", phase: .committed)
            }
        }
    }
}
