import Model
import Testing

extension EndToEnd {
    /// The timer that takes an uncommitted release back when nobody else does.
    @Suite struct DeadManTests {
        @Test(
            "It is armed although what it started before has failed, or still runs",
            arguments: ["Type=oneshot /bin/false", "Type=exec /bin/sleep 60"]
        )
        func armedAgain(recovery: String) async throws {
            try await FleetPool.shared.lend(hosts: 1) { fleet in
                try await fleet.begin(with: "9.4", FleetFile(floor: "0"))
                // As a recovery that has failed leaves its unit behind, and as one runs that arms the timer itself.
                let unit = "fleet-revert-hello.service"
                try await fleet.shell(1, "systemd-run --quiet --unit=\(unit) --property=\(recovery) || true")
                let state = try await fleet.shell(1, "systemctl is-active \(unit) || true")
                try #require(["failed", "active"].contains(state), "\(state)")

                try await fleet.rollOut(try await fleet.build("9.5", healthyFor: "200ms"), code: .succeeded)
                try await fleet.shell(1, "systemctl stop \(unit) || true; systemctl reset-failed \(unit) || true")
                try await fleet.expect([1], run: "9.5", phase: .committed)
            }
        }
    }
}
