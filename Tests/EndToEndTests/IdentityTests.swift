import Foundation
import Testing

extension EndToEnd {
    /// Certificates on real hosts: renewed over the session, and worth nothing once revoked.
    @Suite struct IdentityTests {
        private func serials(_ fleet: Fleet, _ host: Int) async throws -> String {
            try await fleet.shell(
                host,
                "cat /var/lib/fleet/tls/identity.pem 2>/dev/null || cat /etc/fleet/tls/cert.pem"
            )
        }

        @Test("A host renews its certificate over the session, shows it without a restart and after one")
        func renewal() async throws {
            try await FleetPool.shared.fresh(hosts: 1) { fleet in
                try await fleet.rollOut(try await fleet.build("1.0"), code: .succeeded)
                let pid = try await fleet.shell(1, "systemctl show -P MainPID agent.service")
                let before = try await fleet.fleet("ca", "list", "--all", code: .succeeded).output
                let renewed = try await fleet.fleet("ca", "renew-hosts", "--all", code: .succeeded)
                try #require(renewed.output.contains("h1: renewed"), "\(renewed)")
                let after = try await fleet.fleet("ca", "list", "--all", code: .succeeded).output
                #expect(after != before)
                #expect(try await fleet.shell(1, "stat -c %a /var/lib/fleet/tls/identity.pem") == "600")
                try await fleet.rollOut(try await fleet.build("1.1"), code: .succeeded)
                #expect(try await fleet.shell(1, "systemctl show -P MainPID agent.service") == pid)
                try await fleet.shell(1, "systemctl restart agent.service")
                try await fleet.waitForLook(1)
                try await fleet.rollOut(try await fleet.build("1.2"), code: .succeeded)
            }
        }

        @Test("A stolen operator's key is refused by every host from the revocation on, also after a restart")
        func stolenOperator() async throws {
            try await FleetPool.shared.fresh(hosts: 2) { fleet in
                try await fleet.rollOut(try await fleet.build("1.0"), code: .succeeded)
                try await fleet.fleet("ca", "issue", "operator", "eve", "--out", "eve", code: .succeeded)
                // The thief's workspace: the fleet's description and the stolen files.
                let thief = "\(fleet.directory)/thief"
                try FileManager.default.createDirectory(atPath: "\(thief)/.fleet", withIntermediateDirectories: true)
                let files = FileManager.default
                try files.copyItem(atPath: "\(fleet.directory)/fleet.yml", toPath: "\(thief)/fleet.yml")
                try files.moveItem(atPath: "\(fleet.directory)/eve", toPath: "\(thief)/.fleet/operator")
                let status = ["status", "--file", "\(thief)/fleet.yml", "--output", "json"]
                let can = try await fleet.fleet(status)
                try #require(!can.output.contains("unreachable"), "\(can)")
                let revoked = try await fleet.fleet(
                    "ca",
                    "revoke",
                    "eve",
                    "--reason",
                    "key-compromise",
                    code: .succeeded
                )
                try #require(revoked.messages.contains("h1 goes by it"), "\(revoked)")
                try await fleet.shell(1, "systemctl restart agent.service")
                let cannot = try await fleet.fleet(status)
                #expect(cannot.output.contains("revoked"), "\(cannot)")
                try await fleet.waitForLook(1)
                try await fleet.rollOut(try await fleet.build("1.1"), code: .succeeded)
            }
        }

        @Test("A host whose key was stolen is refused, and is a member again once it was added anew")
        func stolenHost() async throws {
            try await FleetPool.shared.fresh(hosts: 2) { fleet in
                try await fleet.rollOut(try await fleet.build("1.0"), code: .succeeded)
                let revoked = try await fleet.fleet(
                    "ca",
                    "revoke",
                    "agent/h1",
                    "--reason",
                    "key-compromise",
                    code: .succeeded
                )
                try #require(revoked.messages.contains("h1 is refused from now on"), "\(revoked)")
                let status = try await fleet.fleet("status", "--output", "json", code: .succeeded)
                #expect(status.output.contains("revoked"), "\(status)")
                let add = ["host", "add", "root@\(fleet.address(1))", "--name", "h1", "--packages", Machine.packages]
                let added = try await fleet.fleet(add)
                try #require(added.code == 0, "\(added)")
                try await fleet.waitForLook(1)
                try await fleet.rollOut(try await fleet.build("1.1"), code: .succeeded)
            }
        }
    }
}
