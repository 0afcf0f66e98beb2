import Model
import Testing

extension EndToEnd {
    /// Releases that turn bad are taken back by themselves, and say why.
    @Suite struct BadReleaseTests {
        struct Row: CustomTestStringConvertible, Sendable {
            let fault: String
            let versions: (good: String, bad: String)
            var healthyFor = "1s"
            /// What the canary's agent says.
            let codes: [Failure.Code]
            /// A line that the operator is shown.
            let evidence: String
            var testDescription: String { fault }
        }

        @Test(
            "A bad release is stopped at the canary and taken back: exit code 4, every host runs what it ran",
            arguments: [
                Row(fault: "unhealthy", versions: ("2.0", "2.1"), codes: [.checkFailed], evidence: "500"),
                Row(
                    fault: "crash",
                    versions: ("2.2", "2.3"),
                    codes: [.unitStart, .unitUnstable],
                    evidence: "no such host db-9"
                ),
                Row(
                    fault: "late",
                    versions: ("2.4", "2.5"),
                    healthyFor: "10s",
                    codes: [.checkFailed],
                    evidence: "500"
                ),
                Row(
                    fault: "crash-late",
                    versions: ("2.6", "2.7"),
                    healthyFor: "10s",
                    codes: [.unitUnstable, .checkFailed, .unitStart],
                    evidence: "hello 2.7"
                ),
            ]
        )
        func bad(_ row: Row) async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try await fleet.begin(with: row.versions.good, FleetFile(floor: "4"))
                let bad = try await fleet.build(row.versions.bad, fault: row.fault, healthyFor: row.healthyFor)
                let traffic = try await Traffic(fleet, floor: 4)
                let end = try await fleet.rollOut(bad, code: .rolledBack)
                let seen = try await traffic.stop()

                #expect(end.output.contains(row.evidence), "\(end)")
                try await fleet.expect(1...5, run: row.versions.good)
                let canary = try await fleet.service(1).operation
                try #require(canary?.phase == .reverted, "\(String(describing: canary))")
                let failure = try #require(canary?.failure)
                #expect(row.codes.contains(failure.code), "\(failure)")
                for host in 2...5 {
                    // No further host ever ran it.
                    #expect(try await fleet.service(host).operation?.target.version.text != row.versions.bad)
                    #expect(seen.versions[row.versions.good] != nil)
                }
                try #require(seen.lowest >= 4 && seen.belowFloor == 0, "\(seen)")

                let why = try await fleet.fleet("why", code: .succeeded)
                #expect(why.output.contains(row.evidence), "\(why)")
            }
        }

        @Test("A first deployment that fails leaves no service behind, but its tree and logs")
        func first() async throws {
            try await FleetPool.shared.fresh(hosts: 2) { fleet in
                let bad = try await fleet.build("1.0", fault: "crash")
                try await fleet.rollOut(bad, code: .rolledBack)
                for host in 1...2 {
                    let report = try await fleet.status(host).services.first { $0.service.text == "hello" }
                    #expect(report?.current == nil, "\(String(describing: report))")
                    try await fleet.shell(
                        host,
                        "test ! -e /etc/systemd/system/hello.service; test ! -e /srv/hello/current"
                    )
                    #expect(try await fleet.answer(host).contains("Failed to connect"))
                }
                try await fleet.shell(1, "test -e /srv/hello/releases/1.0-*/bin/hello")
                let log = try await fleet.shell(1, "journalctl --no-pager -u hello.service")
                #expect(log.contains("no such host db-9"))

                // The next attempt is a first deployment again.
                let good = try await fleet.build("1.1")
                try await fleet.rollOut(good, code: .succeeded)
                try await fleet.expect(1...2, run: "1.1", phase: .committed)
            }
        }
    }
}
