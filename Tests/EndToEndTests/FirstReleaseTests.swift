import Model
import Testing

extension EndToEnd {
    /// Services that no host had before: the way back leads to nothing.
    @Suite struct FirstReleaseTests {
        @Test("A first release that fails at a later host is taken back everywhere, to nothing: exit code 4")
        func laterHost() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try fleet.describe(FleetFile(service: "novice", hosts: [1, 2, 3], floor: "0"))
                let release = HandMade(
                    service: "novice",
                    version: "1.0",
                    run: "[ \"$(hostname)\" != h3 ] || { echo 'no such host db-9'; exit 7; }\nexec sleep infinity"
                )
                let rollout = try fleet.startFleet(try fleet.write(release).rollout)
                try await fleet.waits(for: "h3 switches", from: rollout)
                let end = try await rollout.end()
                try #require(end.code == ExitCode.rolledBack.rawValue, "\(end)")
                #expect(end.messages.contains("h1 is done") && end.messages.contains("h2 is done"), "\(end)")
                #expect(end.output.contains("db-9"), "\(end)")

                for host in 1...3 {
                    try await fleet.expectNothing(host, of: "novice")
                    // What failed is evidence, on the host where it failed at least.
                    try await fleet.shell(host, "test -x /srv/novice/releases/1.0-*/bin/run")
                }
                let status = try await fleet.onHost(1, "agent", "status")
                #expect(status.output.contains("novice (test)"), "\(status)")

                // With its mistake corrected it is a first release again.
                let second = HandMade(service: "novice", version: "1.1")
                try await fleet.rollOut(try fleet.write(second), code: .succeeded)
                for host in 1...3 { try await fleet.expectReport(host, of: "novice", runs: "1.1", phase: .committed) }
            }
        }
    }
}
