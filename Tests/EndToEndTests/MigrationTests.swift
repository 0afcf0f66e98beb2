import Model
import Testing

extension EndToEnd {
    /// What a rollout does to shared data before it switches a host.
    @Suite struct MigrationTests {
        private static func release(_ version: String, _ migrate: String, isReversible: Bool = true) -> HandMade {
            HandMade(
                service: "shop",
                version: version,
                spec: ["migration: {command: [bin/migrate, up], reversible: \(isReversible), timeout: 30s}"],
                unit: ["User=daemon"],
                scripts: ["migrate": migrate]
            )
        }

        private static let note =
            #"echo "$1 $(id -un) ${GREETING:-} $(readlink /srv/shop/current || echo none)" >>/tmp/shop-log"#

        @Test(
            "A migration runs once, on one host, before the canary; one that fails ends with nothing switched: exit codes 0 and 3"
        )
        func migrates() async throws {
            try await FleetPool.shared.lend(hosts: 2) { fleet in
                var file = FleetFile(service: "shop", hosts: [1, 2], floor: "0", settings: ["migrate_on: h2"])
                file.config = ["GREETING": "servus"]
                try fleet.describe(file)
                let end = try await fleet.rollOut(try fleet.write(Self.release("1.0", Self.note)), code: .succeeded)
                #expect(end.messages.contains("migration bin/migrate up on h2, within 30s"), "\(end)")
                #expect(try await fleet.shell(2, "cat /tmp/shop-log") == "up daemon servus none")
                #expect(try await fleet.shell(1, "test ! -e /tmp/shop-log; echo none") == "none")
                for host in 1...2 { try await fleet.expectReport(host, of: "shop", runs: "1.0", phase: .committed) }

                let bad = Self.release("1.1", "echo 'no such table'; exit 9")
                let refused = try await fleet.rollOut(try fleet.write(bad), code: .refused)
                #expect(
                    refused.output.contains("migration 'bin/migrate up' ended with exit-code, status 9"),
                    "\(refused)"
                )
                #expect(refused.output.contains("no such table"), "\(refused)")
                for host in 1...2 { try await fleet.expectReport(host, of: "shop", runs: "1.0") }
            }
        }

        @Test(
            "Killed in the middle, a migration pauses its rollout; resumed, it runs again when the first one has ended: 5 and 0"
        )
        func interrupted() async throws {
            try await FleetPool.shared.lend(hosts: 1) { fleet in
                try fleet.describe(FleetFile(service: "shop", floor: "0"))
                let slow = """
                    ! test -e /tmp/shop-runs || echo two >>/tmp/shop-runs-log
                    touch /tmp/shop-runs; sleep 6; rm /tmp/shop-runs
                    echo done >>/tmp/shop-runs-log
                    """
                let release = try fleet.write(Self.release("2.0", slow, isReversible: false))
                let rollout = try fleet.startFleet(release.rollout)
                try await fleet.eventually("it migrates") {
                    try await fleet.shell(1, "test -e /tmp/shop-runs && echo yes || true") == "yes"
                }
                try await fleet.shell(1, "kill -KILL $(systemctl show -P MainPID agent.service)")
                let paused = try await rollout.end()
                try #require(paused.code == ExitCode.paused.rawValue, "\(paused)")
                #expect(paused.output.contains("nobody knows how far the migration on h1 has come"), "\(paused)")
                #expect(paused.messages.contains("IT CAN'T BE TAKEN BACK"), "\(paused)")
                let label = try #require(paused.output.firstMatch(of: /R[0-9]+/)).output
                try await fleet.fleet("resume", String(label), code: .succeeded)
                #expect(try await fleet.shell(1, "cat /tmp/shop-runs-log") == "done\ndone")
                try await fleet.expectReport(1, of: "shop", runs: "2.0", phase: .committed)
            }
        }
    }
}
