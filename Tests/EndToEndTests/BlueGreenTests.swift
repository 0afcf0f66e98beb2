import Model
import Testing

extension EndToEnd {
    /// Services of which the new release comes up beside the old one.
    @Suite struct BlueGreenTests {
        private static let service = "hello-pair"

        @Test("Nobody notices blue-green rollouts, rollbacks and a release that is taken back: no request fails")
        func unnoticed() async throws {
            try await FleetPool.shared.lend(hosts: 3) { fleet in
                try await Commute.run(fleet, of: Self.service, series: 43, rounds: 1)
            }
        }

        @Test("One instance runs whenever nothing is changed; a bad release comes and goes beside the one that serves")
        func instances() async throws {
            try await FleetPool.shared.lend(hosts: 1) { fleet in
                try await fleet.begin(with: "1.0", FleetFile(service: Self.service, floor: "0"))
                // Hosts are lent to one test after the other, so either may be it.
                let blue = try await fleet.instance(of: Self.service)
                let green = Fleet.instances(of: Self.service).first { $0 != blue } ?? 0
                try await fleet.expectInstance(blue, of: Self.service, runs: "1.0")
                let first = try await fleet.pid(blue, of: Self.service)

                try await fleet.rollOut(try await fleet.build("1.1", of: Self.service), code: .succeeded)
                try await fleet.expectInstance(green, of: Self.service, runs: "1.1")
                let second = try await fleet.pid(green, of: Self.service)
                #expect(first != "0" && second != "0")

                let bad = try await fleet.build("1.2", of: Self.service, fault: "unhealthy")
                try await fleet.rollOut(bad, code: .rolledBack)
                try await fleet.expectInstance(green, of: Self.service, runs: "1.1")
                #expect(try await fleet.pid(green, of: Self.service) == second)

                try await fleet.fleet(
                    "restart",
                    Self.service,
                    "--env",
                    FleetFile.environment,
                    "--yes",
                    code: .succeeded
                )
                try await fleet.expectInstance(blue, of: Self.service, runs: "1.1")

                // The instance that waits can't be started by hand, and is seen when somebody makes it start all the same.
                let other = "hello-pair@\(green).service"
                try await fleet.shell(1, "systemctl start \(other)")
                #expect(try await fleet.shell(1, "systemctl show -P ActiveState \(other)") == "inactive")
                try await fleet.shell(
                    1,
                    "ln -s ../releases/$(ls /srv/hello-pair/releases | grep ^1.0-) /srv/hello-pair/instances/\(green); systemctl start \(other)"
                )
                try await fleet.eventually("the agent sees both") {
                    let drift = try await fleet.service(1, Self.service).drift
                    return drift.contains { $0.hasPrefix("\(other) is active") }
                        && drift.contains { $0.hasPrefix("instances/\(green) is there") }
                }
                let found = try await fleet.onHost(1, "agent", "verify", Self.service)
                #expect(found.code == ExitCode.failed.rawValue && "\(found)".contains("instances/\(green)"), "\(found)")
                try await fleet.onHost(1, "agent", "repair", Self.service)
                try await fleet.eventually("the agent has repaired it") {
                    try await fleet.service(1, Self.service).drift.isEmpty
                }
                try await fleet.expectInstance(blue, of: Self.service, runs: "1.1")
                try await fleet.shell(1, "agent verify \(Self.service)")
            }
        }

        @Test(
            "An agent that is killed while both run goes on, and no request fails; a host that loses power starts the old one"
        )
        func interrupted() async throws {
            try await FleetPool.shared.lend(hosts: 3) { fleet in
                try await fleet.begin(with: "2.0", FleetFile(service: Self.service, floor: "0", window: 3))
                let balancer = try await Balancer(fleet, of: Self.service)
                var file = FleetFile(service: Self.service, floor: "2")
                file.settings = [balancer.setting]
                try fleet.describe(file)
                let next = try await fleet.build("2.1", of: Self.service, healthyFor: "3s")
                let users = try await Traffic(fleet, asking: ["users": balancer.url], rate: 100)
                let rollout = try fleet.startFleet(next.rollout)
                try await fleet.runsBoth(1)
                try await fleet.shell(1, "systemctl kill --signal=KILL --kill-whom=main agent.service")
                let end = try await rollout.end()
                try #require(end.code == ExitCode.succeeded.rawValue, "\(end)")
                try await fleet.expect(1...3, run: "2.1", of: Self.service, phase: .committed)
                let seen = try await users.stop()
                try #require(seen.failed == 0 && seen.versions["2.1"] != nil, "\(seen)")

                let old = try await fleet.instance(of: Self.service)
                let last = try await fleet.build("2.2", of: Self.service, healthyFor: "3s")
                let cut = try fleet.startFleet(last.rollout)
                try await fleet.runsBoth(1)
                try await fleet.power("kill", 1)
                try await fleet.power("start", 1)
                let back = try await cut.end()
                try #require(back.code == ExitCode.rolledBack.rawValue, "\(back)")
                try await fleet.eventually("h1 is back on the old release") {
                    let report = try await fleet.service(1, Self.service)
                    return report.operation?.phase == .reverted && report.health == .healthy
                }
                #expect(try await fleet.service(1, Self.service).operation?.failure?.code == .rebooted)
                // The journal is of this boot alone: the new release was not even started.
                let log = try await fleet.shell(1, "journalctl --no-pager -o cat -u 'hello-pair@*'")
                #expect(log.contains("hello 2.1 is ready") && !log.contains("hello 2.2"), "\(log)")
                let instance = try await fleet.instance(of: Self.service)
                #expect(instance == old)
                try await fleet.expectInstance(instance, of: Self.service, runs: "2.1")
                let serving = try await balancer.serving()
                #expect(serving.contains("h1-\(instance)"), "\(serving)")
                try await balancer.stop()
            }
        }
    }
}

extension Fleet {
    /// Fails unless this instance of the first host runs `version`, and the other one neither runs nor may.
    fileprivate func expectInstance(
        _ instance: Int,
        of service: String,
        runs version: String,
        at location: SourceLocation = #_sourceLocation
    ) async throws {
        let report = try await expectReport(1, of: service, runs: version, at: location)
        try #require(report.unit?.unit.text == "\(service)@\(instance).service", "\(report)", sourceLocation: location)
        try await expectAnswer(1, version, of: service, at: location)
        let others = Self.instances(of: service).filter { $0 != instance }
        for other in others {
            let state = try await shell(1, "systemctl show -P ActiveState \(service)@\(other).service", at: location)
            #expect(state == "inactive", sourceLocation: location)
        }
        let links = try await shell(1, "ls /srv/\(service)/instances", at: location)
        #expect(links == "\(instance)", sourceLocation: location)
    }

    /// The one of the first host that its agent counts as the service.
    fileprivate func instance(of service: String) async throws -> Int {
        let unit = try await self.service(1, service).unit?.unit.text ?? ""
        let found = Self.instances(of: service).first { unit == "\(service)@\($0).service" }
        return try #require(found, "\(unit)")
    }

    fileprivate func pid(_ instance: Int, of service: String) async throws -> String {
        try await shell(1, "systemctl show -P MainPID \(service)@\(instance).service")
    }

    /// Waits until both instances of a host run.
    fileprivate func runsBoth(_ host: Int, at location: SourceLocation = #_sourceLocation) async throws {
        try await eventually("both run on h\(host)", at: location) {
            let states = try await shell(host, "systemctl show -P ActiveState 'hello-pair@*.service'")
            return states.split(separator: "\n").count { $0 == "active" } == 2
        }
    }
}
