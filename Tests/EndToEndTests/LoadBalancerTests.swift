import Model
import Testing

extension EndToEnd {
    /// Hosts behind a real HAProxy, and users before it.
    @Suite struct LoadBalancerTests {
        @Test("Nobody notices rollouts, rollbacks and a release that is taken back: no request fails")
        func unnoticed() async throws {
            try await FleetPool.shared.lend(hosts: 3) { fleet in try await Commute.run(fleet, series: 43, rounds: 1) }
        }

        @Test(
            "What a person has put into maintenance stays there; a load balancer that is away keeps every host as it is"
        )
        func hands() async throws {
            try await FleetPool.shared.lend(hosts: 3) { fleet in
                try await fleet.begin(with: "44.0", FleetFile(floor: "0", window: 3))
                let balancer = try await Balancer(fleet)
                var file = FleetFile(floor: "2")
                file.settings = [balancer.setting]
                try fleet.describe(file)
                try await balancer.say("set server hello/h3 state maint")
                try await fleet.rollOut(try await fleet.build("44.1"), code: .succeeded)
                try await fleet.expect(1...3, run: "44.1", phase: .committed)
                let states = try await balancer.states()
                #expect(states["h1"] == .init(operation: 2, admin: 0) && states["h2"] == states["h1"], "\(states)")
                #expect(states["h3"] == .init(operation: 0, admin: 1), "\(states)")

                try await balancer.stop()
                let pids = "systemctl show -P MainPID hello.service"
                let before = try await fleet.shell(1, pids)
                let end = try await fleet.rollOut(try await fleet.build("44.2"), code: .rolledBack)
                #expect("\(end)".contains("can't be reached"), "\(end)")
                for host in 1...3 { try await fleet.waitForLook(host) }
                try await fleet.expect(1...3, run: "44.1")
                #expect(try await fleet.shell(1, pids) == before)
            }
        }
    }
}

/// Rollouts and rollbacks under users who come in through a load balancer.
enum Commute {
    /// `series` is the first number of the versions, which no other test of the service uses.
    static func run(_ fleet: Fleet, of service: String = "hello", series: Int, rounds: Int) async throws {
        let (first, second, third) = ("\(series).0", "\(series).1", "\(series).2")
        try await fleet.begin(with: first, FleetFile(service: service, floor: "0", window: 3))
        let balancer = try await Balancer(fleet, of: service)
        var file = FleetFile(service: service, floor: "2")
        file.settings = [balancer.setting]
        try fleet.describe(file)
        let next = try await fleet.build(second, of: service)
        let bad = try await fleet.build(third, of: service, fault: "unhealthy")
        let users = try await Traffic(fleet, asking: ["users": balancer.url], rate: 100)
        for _ in 0..<rounds {
            try await fleet.rollOut(next, code: .succeeded)
            try await fleet.expect(1...3, run: second, of: service, phase: .committed)
            try await fleet.fleet("rollback", service, "--env", FleetFile.environment, "--yes", code: .succeeded)
            try await fleet.expect(1...3, run: first, of: service, phase: .committed)
        }
        try await fleet.rollOut(bad, code: .rolledBack)
        let seen = try await users.stop()
        print("\(rounds) rollouts and \(rounds) rollbacks of \(service) behind HAProxy: \(seen)")
        try #require(seen.failed == 0 && seen.total > 500, "\(seen)")
        try #require(seen.versions[first] != nil && seen.versions[second] != nil, "\(seen)")
        try #require(seen.versions[third] == nil, "\(seen)")
        // One for each host: of two instances, the one that runs.
        let serving = try await balancer.serving()
        #expect(serving.count == 3 && Set(serving.map { $0.prefix(2) }).count == 3, "\(serving)")
        try await balancer.stop()
    }
}
