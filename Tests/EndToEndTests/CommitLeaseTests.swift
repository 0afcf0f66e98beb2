import Glibc
import Model
import Testing

extension EndToEnd {
    /// Hosts that wait for a commit which does not come: each takes its release back by itself.
    ///
    /// A coordinator that is gone, an agent that is dead, and power cuts are in `CrashTests` and `InterruptionTests`.
    @Suite struct CommitLeaseTests {
        @Test("A host that is cut off before its commit goes back by itself while its coordinator lives: exit code 4")
        func cutOff() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                let file = FleetFile(hosts: [1, 2], floor: "1", settings: ["commit_within: 3s"])
                try await fleet.begin(with: "30.0", file)
                let rollout = try fleet.startFleet(try await fleet.build("30.1", healthyFor: "3s").rollout)
                try await fleet.eventually("h1 checks") { try await fleet.service(1).operation?.phase == .checking }
                try await fleet.power("unplug", 1)
                try await fleet.eventually("h1 has gone back, alone") {
                    try await fleet.service(1).operation?.phase == .reverted
                }
                #expect(try await fleet.service(1).operation?.failure?.code == .commitMissing)
                #expect(try await fleet.fromWithin(1).contains(" 30.0 from h1"))

                let end = try await rollout.end()
                try #require(end.code == ExitCode.rolledBack.rawValue, "\(end)")
                #expect(end.output.contains("h1"), "\(end)")
                try await fleet.power("plug", 1)
                try await fleet.eventually("h1 answers") { try await fleet.answer(1).contains(" 30.0 from h1") }
                try await fleet.rollOut(try await fleet.build("30.2"), code: .succeeded)
                try await fleet.expect(1...2, run: "30.2", phase: .committed)
            }
        }

        @Test("A commit that is too late counts for nothing: the host went back, and gets another turn: exit code 0")
        func slow() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                let file = FleetFile(hosts: [1, 2], floor: "1", settings: ["commit_within: 2s"])
                try await fleet.begin(with: "30.3", file)
                let rollout = try fleet.startFleet(try await fleet.build("30.4", healthyFor: "2s").rollout)
                try await fleet.eventually("h1 checks") { try await fleet.service(1).operation?.phase == .checking }
                rollout.signal(SIGSTOP)
                try await fleet.eventually("h1 has gone back") {
                    try await fleet.service(1).operation?.phase == .reverted
                }
                #expect(try await fleet.service(1).operation?.failure?.code == .commitMissing)
                try await fleet.expectAnswer(1, "30.3")
                rollout.signal(SIGCONT)

                let end = try await rollout.end()
                try #require(end.code == ExitCode.succeeded.rawValue, "\(end)")
                #expect(end.messages.contains("h1 reverted, no commit came in time; attempt 2"), "\(end)")
                try await fleet.expect(1...2, run: "30.4", phase: .committed)
            }
        }

        @Test("An agent that is replaced by one that does not work: the timer runs the one that began the change")
        func brokenUpgrade() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try await fleet.leaveWaiting("30.5", "30.6")
                try await fleet.shell(
                    1,
                    """
                    mv /usr/bin/agent /root/agent.good; printf '#!/bin/sh\\nexit 1\\n' >/usr/bin/agent
                    chmod 755 /usr/bin/agent; cp -p /etc/fleet/agent.yml /root; echo 'broken: [' >>/etc/fleet/agent.yml
                    kill -KILL $(systemctl show -P MainPID agent.service); systemctl daemon-reload
                    """
                )
                try await fleet.eventually("the timer has brought 30.5 back") {
                    try await fleet.answer(1).contains(" 30.5 from h1")
                }
                try await fleet.shell(
                    1,
                    """
                    mv /root/agent.good /usr/bin/agent; mv /root/agent.yml /etc/fleet/agent.yml
                    systemctl restart agent.service
                    """
                )
                try await fleet.eventually("h1 is well") { try await fleet.service(1).health == .healthy }
                #expect(try await fleet.service(1).operation?.failure?.code == .commitMissing)
                try await fleet.fleet("abort", code: .aborted)
                try await fleet.expect(1...2, run: "30.5")
            }
        }

        @Test("A package that is removed while a release waits: the timer takes it back all the same")
        func removed() async throws {
            try await FleetPool.shared.fresh(hosts: 2) { fleet in
                try await fleet.leaveWaiting("1.0", "1.1")
                let timer = try await fleet.shell(
                    1,
                    """
                    timer=$(systemctl list-units --plain --no-legend 'fleet-revert-hello*.timer' | cut -d' ' -f1)
                    systemctl show -P AccuracyUSec "$timer"
                    systemctl show -P ExecStart "${timer%.timer}.service"
                    """
                )
                #expect(timer.contains("100ms") && timer.contains("path=/var/lib/fleet/pinned/"), "\(timer)")
                try await fleet.shell(1, "dpkg --remove fleet-agent >&2; test ! -e /usr/bin/agent")
                try await fleet.eventually("the timer has brought 1.0 back") {
                    try await fleet.answer(1).contains(" 1.0 from h1")
                }
                let link = try await fleet.shell(1, "readlink /srv/hello/current")
                #expect(link.hasPrefix("releases/1.0-"), "\(link)")
            }
        }
    }
}

extension Fleet {
    /// Leaves h1 with `next`, which waits for a commit that its coordinator does not live to send.
    func leaveWaiting(_ old: String, _ next: String, _ settings: [String] = ["commit_within: 8s"]) async throws {
        try await begin(with: old, FleetFile(hosts: [1, 2], floor: "1", settings: settings))
        let rollout = try startFleet(try await build(next, healthyFor: "1s").rollout)
        try await waits(for: "h1 switches", from: rollout)
        try await crash(rollout)
        try await eventually("h1 waits for its commit") { try await service(1).operation?.phase == .awaitingCommit }
        try await expectAnswer(1, next)
    }

    /// What the service answers to its own host.
    func fromWithin(_ host: Int, of name: String = "hello") async throws -> String {
        try await shell(host, "curl -sS --max-time 3 http://127.0.0.1:\(Self.port(of: name))/")
    }
}
