import Testing

extension EndToEnd {
    /// The same as `LoadBalancerTests`, for as long as it takes to be sure.
    @Suite struct TrafficTortureTests {
        @Test("Over twenty rollouts and twenty rollbacks behind HAProxy no request fails")
        func unnoticed() async throws {
            try await FleetPool.shared.lend(hosts: 3) { fleet in try await Commute.run(fleet, rounds: 20) }
        }
    }
}
