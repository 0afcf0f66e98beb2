import Foundation
import Testing

extension EndToEnd {
    /// The same as `LoadBalancerTests` and `BlueGreenTests`, for as long as it takes to be sure.
    @Suite struct TrafficTortureTests {
        @Test(
            "Over twenty rollouts and twenty rollbacks behind HAProxy no request fails",
            arguments: ["hello", "hello-pair"]
        )
        func unnoticed(_ service: String) async throws {
            try await FleetPool.shared.lend(hosts: 3) { fleet in
                try await Commute.run(fleet, of: service, rounds: rounds)
            }
        }

        /// COMMUTES asks for another number, for a shorter look.
        private var rounds: Int { ProcessInfo.processInfo.environment["COMMUTES"].flatMap(Int.init) ?? 20 }
    }
}
