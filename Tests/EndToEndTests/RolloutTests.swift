import Model
import Testing

extension EndToEnd {
    /// The plain way of a release over the hosts, and the way back of a bad one.
    @Suite struct RolloutTests {
        @Test("A first release, then the next under traffic: every host changes, and capacity stays above the floor")
        func success() async throws {
            // On lent hosts, somebody may have left an earlier release on some of them.
            try await FleetPool.shared.fresh(hosts: 5) { fleet in
                try fleet.describe(FleetFile(floor: "4", stages: ["canary: 1, bake: 1s", "rest: true"]))
                let first = try await fleet.build("1.0")
                let next = try await fleet.build("1.1")

                try await fleet.rollOut(first, code: .succeeded)
                try await fleet.expect(1...5, run: "1.0", phase: .committed)

                let traffic = try await Traffic(fleet, floor: 4)
                try await fleet.rollOut(next, code: .succeeded)
                let seen = try await traffic.stop()

                try await fleet.expect(1...5, run: "1.1", phase: .committed)
                for host in 1...5 {
                    let report = try await fleet.service(host)
                    #expect(report.current?.isConfirmed == true)
                    #expect(report.previous?.id.version.text == "1.0")
                }
                try #require(seen.lowest >= 4, "\(seen)")
                try #require(seen.belowFloor == 0, "\(seen)")
                try #require(seen.versions["1.0"] != nil && seen.versions["1.1"] != nil, "\(seen)")

                let again = try await fleet.rollOut(next, code: .succeeded)
                #expect(again.output.contains("nothing to do"), "\(again)")
            }
        }
    }
}
