import TestSupport
import Testing

extension EndToEnd {
    /// The same as `LoadBalancerTests` and `BlueGreenTests`, for as long as it takes to be sure.
    @Suite struct TrafficTortureTests {
        @Test(
            "However often releases come and go behind HAProxy, no request fails",
            arguments: ["hello", "hello-pair"]
        )
        func unnoticed(_ service: String) async throws {
            try await FleetPool.shared.lend(hosts: 3) { fleet in
                try await Commute.run(fleet, of: service, series: 45, rounds: rounds)
            }
        }

        /// Rollouts, each with its rollback.
        private var rounds: Int { Torture.isExhaustive ? 20 : 2 }
    }
}
