import Model
import Testing

extension EndToEnd {
    /// Services that leave their environment.
    @Suite struct RemoveTests {
        private static let place = ["hello", "--env", FleetFile.environment]

        @Test("A service leaves every host, with nothing of it left, and can come again: 0, 0, 3 and 0")
        func removes() async throws {
            try await FleetPool.shared.fresh(hosts: 2) { fleet in
                try fleet.describe(FleetFile(floor: "1"))
                let none = try await fleet.fleet(["remove"] + Self.place + ["--yes"])
                try #require(none.code == ExitCode.refused.rawValue, "\(none)")
                #expect(none.messages.contains("there is nothing to remove"), "\(none)")
                for version in ["78.0", "78.1"] {
                    try await fleet.rollOut(try await fleet.build(version), code: .succeeded)
                }

                let words = ["remove"] + Self.place + ["--reason", "the branch was merged", "--yes"]
                let end = try await fleet.fleet(words)
                try #require(end.code == ExitCode.succeeded.rawValue, "\(end)")
                #expect(end.messages.contains("nothing of it stays in service"), "\(end)")
                #expect(end.output.contains("2 of 2 hosts run hello no more"), "\(end)")
                for host in 1...2 {
                    let left =
                        "find /srv/hello ! -type d; find /srv/hello/releases -mindepth 1; "
                        + "systemctl list-unit-files --no-legend 'hello*' | cat; ls -d /etc/systemd/system/hello* 2>&- || true"
                    let found = try await fleet.shell(host, left)
                    #expect(found.isEmpty, "h\(host): \(found)")
                    let report = try await fleet.service(host)
                    #expect(report.current == nil && report.previous == nil && report.claim == nil, "\(report)")
                }
                let status = try await fleet.fleet("status", code: .succeeded)
                #expect(!status.output.contains("78.1"), "\(status)")
                let again = try await fleet.fleet(words)
                #expect(again.code == ExitCode.succeeded.rawValue && again.output.contains("nothing to do"), "\(again)")
                let back = try await fleet.fleet(["rollback"] + Self.place + ["--yes"])
                #expect(back.code == ExitCode.refused.rawValue, "\(back)")

                try await fleet.rollOut(try await fleet.build("78.2"), code: .succeeded)
                for host in 1...2 { try await fleet.expectReport(host, of: "hello", runs: "78.2", phase: .committed) }
            }
        }

        @Test("A host whose own policy demands approvals lets nobody take a service off it: exit code 5")
        func demanded() async throws {
            try await FleetPool.shared.fresh(hosts: 1) { fleet in
                try await fleet.begin(with: "79.0", FleetFile(floor: "0"))
                try await fleet.makeKey("dana")
                try await fleet.demandApproval(by: ["dana"])
                let end = try await fleet.fleet(["remove"] + Self.place + ["--yes"])
                try #require(end.code == ExitCode.paused.rawValue, "\(end)")
                #expect("\(end)".contains("there is no order that would remove it"), "\(end)")
                _ = try await fleet.fleet("abort", "--reason", "not allowed", code: .aborted)
                try await fleet.expectReport(1, of: "hello", runs: "79.0")
            }
        }
    }
}
