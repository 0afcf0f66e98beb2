import Foundation
import Model
import Testing

extension EndToEnd {
    /// Agents that replace themselves, on hosts whose services must not notice.
    @Suite struct AgentUpgradeTests {
        @Test("Builds of the agent that do not work are taken back by themselves, and a good one then succeeds")
        func badBuilds() async throws {
            try await FleetPool.shared.fresh(hosts: 2) { fleet in
                try await fleet.begin(with: "1.0", FleetFile(floor: "1"))
                let services = try await fleet.processes(of: "hello.service")
                try fleet.describe(FleetFile(service: "fleet-agent", floor: "0", settings: ["commit_within: 8s"]))

                // Before any release of the agent: the packaged one comes back.
                let first = try await fleet.agent("0.1-exits", .exitsAtOnce)
                try await fleet.rollOut(first, code: .rolledBack)
                try await fleet.shell(
                    1,
                    "test ! -e /srv/fleet-agent/current; test ! -e /etc/systemd/system/agent.service"
                )
                try await fleet.shell(1, "systemctl is-active agent.service; systemctl is-enabled agent.service")
                #expect(try await fleet.agentProgram(1) == "/usr/bin/agent")

                let good = try await fleet.agent("1.0")
                try await fleet.rollOut(good, code: .succeeded)
                for host in 1...2 { try await expectAgent("1.0", on: host, of: fleet) }

                for build in AgentBuild.allCases where build != .good {
                    let began = ContinuousClock.now
                    let bad = try await fleet.agent("1.1-\(build.rawValue)", build)
                    let end = try await fleet.fleet(bad.rollout)
                    try #require(end.code == ExitCode.rolledBack.rawValue, "\(build): \(end)")
                    try await expectAgent("1.0", on: 1, of: fleet)
                    let report = try await fleet.service(1, "fleet-agent")
                    try #require(report.operation?.phase == .reverted, "\(build): \(report)")
                    #expect(try await fleet.service(2, "fleet-agent").operation?.phase != .reverted, "\(build)")
                    print("agent build \(build.rawValue): reverted after \(ContinuousClock.now - began)")
                }

                try await fleet.rollOut(try await fleet.agent("1.2"), code: .succeeded)
                for host in 1...2 { try await expectAgent("1.2", on: host, of: fleet) }
                #expect(try await fleet.processes(of: "hello.service") == services, "services were started anew")
                try await fleet.shell(1, "systemctl is-failed fleet-takeover.service && exit 1 || true")
            }
        }

        @Test(
            "fleet agents upgrade moves all hosts, beside a rollout of a service, and survives a power cut before its commit"
        )
        func upgrade() async throws {
            try await FleetPool.shared.fresh(hosts: 2) { fleet in
                try await fleet.begin(with: "2.0", FleetFile(floor: "1"))
                let next = try await fleet.build("2.1", healthyFor: "2s")
                let agents = try fleet.startFleet(upgrade(try await fleet.agent("1.0")))
                let service = try fleet.startFleet(next.rollout)
                for child in [agents, service] {
                    let end = try await child.end(within: .seconds(180))
                    try #require(end.code == ExitCode.succeeded.rawValue, "\(end)")
                }
                for host in 1...2 { try await expectAgent("1.0", on: host, of: fleet) }
                try await fleet.expect(1...2, run: "2.1", phase: .committed)
                let listed = try await fleet.fleet("agents", "--output", "json", code: .succeeded)
                #expect(listed.output.contains("\"1.0\"") || listed.output.contains("1.0-"), "\(listed)")
                #expect(listed.output.contains(FleetVersion.text), "\(listed)")

                let running = try fleet.startFleet(upgrade(try await fleet.agent("1.1")))
                try await fleet.waits(for: "h1 switches", from: running)
                try await fleet.crash(running)
                try await fleet.eventually("h1 waits for the commit of its agent") {
                    let end = try await fleet.onHost(1, "agent", "status", "--json")
                    guard end.code == 0 else { return false }
                    let report = try JSONDecoder().decode(HostReport.self, from: Data(end.output.utf8))
                    return report.services.contains {
                        $0.service == .agent && $0.operation?.phase == .awaitingCommit
                    }
                }
                try await fleet.power("kill", 1)
                try await fleet.power("start", 1)
                try await fleet.eventually("h1 has gone back to the agent before") {
                    let end = try await fleet.onHost(1, "agent", "status", "--json")
                    guard end.code == 0 else { return false }
                    let report = try JSONDecoder().decode(HostReport.self, from: Data(end.output.utf8))
                    return report.services.contains { $0.service == .agent && $0.operation?.phase == .reverted }
                }
                try await fleet.fleet("abort", code: .aborted)
                try await expectAgent("1.0", on: 1, of: fleet)

                let services = try await fleet.processes(of: "hello.service")
                let last = try await fleet.fleet(upgrade(try await fleet.agent("1.2")))
                try #require(last.code == ExitCode.succeeded.rawValue, "\(last)")
                let back = try await fleet.fleet(
                    "rollback",
                    "fleet-agent",
                    "--env",
                    "agents",
                    "--yes",
                    code: .succeeded
                )
                #expect(!back.messages.isEmpty)
                for host in 1...2 { try await expectAgent("1.0", on: host, of: fleet) }
                #expect(try await fleet.processes(of: "hello.service") == services, "services were started anew")
            }
        }

        private func upgrade(_ release: ExampleRelease) -> [String] {
            ["agents", "upgrade", release.path, "--version", release.version, "--yes"]
        }

        /// Fails unless a host's agent is that of the release, says so, and has nothing under way.
        private func expectAgent(_ version: String, on host: Int, of fleet: Fleet) async throws {
            try await fleet.eventually("h\(host) has looked at its agent") {
                try await fleet.service(host, "fleet-agent").health != .unknown
            }
            let report = try await fleet.expectReport(host, of: "fleet-agent", runs: version)
            let release = try #require(report.current?.id)
            let program = try await fleet.agentProgram(host)
            #expect(program.hasPrefix("/srv/fleet-agent/releases/\(release)/usr/bin/agent"))
            let keeper = try await fleet.shell(host, "readlink -f /var/lib/fleet/keeper")
            #expect(keeper == program, "the agent that decides at boot is not the one that was committed")
        }
    }
}
