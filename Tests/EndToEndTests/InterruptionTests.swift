import Model
import Testing

extension EndToEnd {
    /// Agents and hosts that die at the worst moment: the old release is stopped, the new one does not run yet.
    @Suite struct InterruptionTests {
        /// What holds the host at that moment, for as long as the scenario needs.
        enum Moment: String, CaseIterable, CustomTestStringConvertible, Sendable {
            /// The old release has ended, `current` still names it.
            case stopping
            /// `current` names the new release, which has not come up yet.
            case starting

            var testDescription: String { rawValue }

            /// A setting that makes the moment last.
            var setting: String {
                switch self {
                case .stopping: "ExecStopPost=/bin/sleep 3"
                case .starting: "ExecStartPre=/bin/sleep 3"
                }
            }

            /// systemd's words for the moment.
            var sub: String {
                switch self {
                case .stopping: "stop-post"
                case .starting: "start-pre"
                }
            }
        }

        @Test(
            "A host that loses power in mid-switch boots with the old release; all go back: exit code 4",
            arguments: zip(Moment.allCases, [("7.0", "7.1"), ("7.2", "7.3")])
        )
        func powerCut(_ moment: Moment, _ versions: (old: String, new: String)) async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try await fleet.begin(with: versions.old, FleetFile(floor: "3"))
                let next = try await fleet.build(versions.new)
                try await fleet.slowDown(2, moment.setting)
                let rollout = try fleet.startFleet(next.rollout)
                try await fleet.reaches(2, moment.sub)
                try await fleet.power("kill", 2)
                try await fleet.power("start", 2)

                let end = try await rollout.end()
                try #require(end.code == ExitCode.rolledBack.rawValue, "\(end)")
                #expect(end.output.contains("h2"), "\(end)")
                try await fleet.eventually("h2 is back on the old release") {
                    let report = try await fleet.service(2)
                    return report.operation?.phase == .reverted && report.health == .healthy
                }
                #expect(try await fleet.service(2).operation?.failure?.code == .rebooted)
                try await fleet.expectAnswer(2, versions.old)
                // The journal is of this boot alone: the new release was not even started.
                let log = try await fleet.shell(2, "journalctl --no-pager -o cat -u hello.service")
                #expect(log.contains("hello \(versions.old) is ready"), "\(log)")
                #expect(!log.contains("hello \(versions.new)"), "\(log)")
                try await fleet.speedUp(2)
                try await fleet.expect([1, 3, 4, 5], run: versions.old)
            }
        }

        @Test(
            "An agent that is killed in mid-switch comes back and goes on: exit code 0",
            arguments: zip(Moment.allCases, [("7.4", "7.5"), ("7.6", "7.7")])
        )
        func agentKilled(_ moment: Moment, _ versions: (old: String, new: String)) async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try await fleet.begin(with: versions.old, FleetFile(hosts: [1, 2], floor: "1"))
                let next = try await fleet.build(versions.new)
                try await fleet.slowDown(1, moment.setting)
                let traffic = try await Traffic(fleet, hosts: [1, 2], floor: 1)
                let rollout = try fleet.startFleet(next.rollout)
                try await fleet.reaches(1, moment.sub)
                try await fleet.shell(1, Self.killAgent)

                let end = try await rollout.end()
                let seen = try await traffic.stop()
                try #require(end.code == ExitCode.succeeded.rawValue, "\(end)")
                try await fleet.speedUp(1)
                try await fleet.expect(1...2, run: versions.new, phase: .committed)
                try #require(seen.lowest >= 1 && seen.belowFloor == 0, "\(seen)")
            }
        }

        @Test("An agent that dies for good before the commit: the dead-man's timer brings the old release back")
        func deadMan() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try await fleet.begin(
                    with: "7.8",
                    FleetFile(hosts: [1, 2], floor: "1", settings: ["commit_within: 5s"])
                )
                let next = try await fleet.build("7.9")
                let rollout = try fleet.startFleet(next.rollout)
                try await fleet.waits(for: "h1 switches", from: rollout)
                try await fleet.crash(rollout)
                try await fleet.eventually("h1 waits for its commit") {
                    try await fleet.service(1).operation?.phase == .awaitingCommit
                }
                try await fleet.expectAnswer(1, "7.9")
                try await fleet.shell(1, Self.killAgentForGood)

                try await fleet.eventually("h1 has gone back") {
                    try await fleet.service(1).operation?.phase == .reverted
                }
                try await fleet.expectTakenBack(1, to: "7.8", because: .commitMissing)
                try await fleet.expectAnswer(1, "7.8")
                try await fleet.shell(1, Self.reviveAgent)
                try await fleet.eventually("h1 is well") { try await fleet.service(1).health == .healthy }
                try await fleet.fleet("abort", code: .aborted)
                try await fleet.expect(1...2, run: "7.8")
            }
        }

        @Test("An agent that dies for good in mid-switch: what the dead-man's timer runs brings the old release back")
        func deadManInMidSwitch() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try await fleet.begin(
                    with: "7.10",
                    FleetFile(hosts: [1, 2], floor: "1", settings: ["commit_within: 2s"])
                )
                let next = try await fleet.build("7.11")
                try await fleet.slowDown(1, Moment.stopping.setting)
                let traffic = try await Traffic(fleet, hosts: [1, 2], floor: 1)
                let rollout = try fleet.startFleet(next.rollout)
                try await fleet.reaches(1, Moment.stopping.sub)
                try await fleet.shell(1, Self.killAgentForGood)
                try await fleet.shell(1, "systemctl is-active 'fleet-revert-hello*.timer'; agent recover hello")

                try await fleet.expectTakenBack(1, to: "7.10", because: .commitMissing)
                try await fleet.expectAnswer(1, "7.10")
                let end = try await rollout.end()
                let seen = try await traffic.stop()
                try #require(end.code == ExitCode.rolledBack.rawValue, "\(end)")
                #expect(end.output.contains("h1"), "\(end)")

                try await fleet.speedUp(1)
                try await fleet.shell(1, Self.reviveAgent)
                try await fleet.eventually("h1 is well") { try await fleet.service(1).health == .healthy }
                try await fleet.expect([2], run: "7.10")
                try #require(seen.lowest >= 1 && seen.belowFloor == 0, "\(seen)")
            }
        }

        private static let killAgent = "kill -KILL $(systemctl show -P MainPID agent.service)"
        private static let killAgentForGood = "systemctl mask --runtime --quiet agent.service; \(killAgent)"
        private static let reviveAgent = """
            systemctl unmask --runtime --quiet agent.service; systemctl start agent.service
            """
    }
}

extension Fleet {
    /// Fails unless a host without an agent has it on record that it went back.
    func expectTakenBack(_ host: Int, to version: String, because code: Failure.Code) async throws {
        let report = try await service(host)
        try #require(report.current?.id.version.text == version, "\(report)")
        try #require(report.operation?.phase == .reverted && report.operation?.failure?.code == code, "\(report)")
        try #require(report.health == .unknown, "\(report)")
    }

    /// Gives a host's hello a setting that holds it in the middle of a switch.
    func slowDown(_ host: Int, _ setting: String) async throws {
        let directory = "/etc/systemd/system/hello.service.d"
        try await shell(
            host,
            "mkdir -p \(directory); printf '[Service]\\n\(setting)\\n' >\(directory)/50-slow.conf; systemctl daemon-reload"
        )
    }

    /// Takes that setting away.
    func speedUp(_ host: Int) async throws {
        try await shell(host, "rm /etc/systemd/system/hello.service.d/50-slow.conf; systemctl daemon-reload")
    }

    /// Waits until systemd says this of a host's hello, by looking often from within: the moment is short.
    func reaches(_ host: Int, _ sub: String) async throws {
        try await shell(
            host,
            "timeout 60 sh -c 'until [ \"$(systemctl show -P SubState hello.service)\" = \(sub) ]; do sleep 0.02; done'"
        )
    }
}
