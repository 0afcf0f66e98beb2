import Foundation
import Model
import Testing

extension EndToEnd {
    /// What a person types on a host, at bad moments.
    @Suite struct LocalTests {
        @Test("An artifact in /tmp is applied, although the agent has a /tmp of its own")
        func applyFromTmp() async throws {
            try await FleetPool.shared.lend(hosts: 1) { fleet in
                let release = try fleet.write(HandMade(service: "handy", version: "1.0"))
                try await fleet.bring(try await fleet.artifact(release), to: 1)
                try await fleet.shell(1, "mv /root/handy-1.0.tar* /tmp")
                let applied = try await fleet.onHost(1, "agent", "apply", "/tmp/handy-1.0.tar", "--env", "test")
                try #require(applied.code == ExitCode.succeeded.rawValue, "\(applied)")
                #expect(applied.output.contains("1.0"), "\(applied)")
                let report = try await fleet.expectReport(1, of: "handy", runs: "1.0", phase: .committed)
                #expect(report.held != nil, "\(report)")
            }
        }

        @Test("Verify names what was edited: exit code 2, also when it can't be read any more")
        func verify() async throws {
            try await FleetPool.shared.lend(hosts: 1) { fleet in
                try fleet.describe(FleetFile(service: "edited", floor: "0"))
                let release = try fleet.write(HandMade(service: "edited", version: "1.0"))
                try await fleet.rollOut(release, code: .succeeded)
                try await fleet.shell(1, "agent verify edited")

                func expectNamed(_ file: String) async throws {
                    let end = try await fleet.onHost(1, "agent", "verify", "edited")
                    try #require(end.code == ExitCode.failed.rawValue, "\(end)")
                    #expect("\(end)".contains(file), "\(end)")
                }
                let environment = "/srv/edited/current/.fleet/config.env"
                try await fleet.shell(1, "cp -p \(environment) /root/kept; echo 'DEBUG=1' >>\(environment)")
                try await expectNamed("config.env")
                try await fleet.shell(1, "cp -p /root/kept \(environment); agent verify edited")

                let spec = "/srv/edited/current/service.yml"
                try await fleet.shell(1, "cp -p \(spec) /root/kept; printf '\\377\\000: [' >\(spec)")
                try await expectNamed("service.yml")
                // And when there is only something in its place.
                try await fleet.shell(1, "rm \(spec); ln -s /nowhere \(spec)")
                try await expectNamed("service.yml")
                let status = try await fleet.service(1, "edited")
                #expect(status.current?.id.version.text == "1.0", "\(status)")
                try await fleet.shell(1, "rm \(spec); cp -p /root/kept \(spec); agent verify edited")
            }
        }

        @Test("Without an agent, status says what was written down last, and that nobody knows the health")
        func stopped() async throws {
            try await FleetPool.shared.lend(hosts: 1) { fleet in
                try fleet.describe(FleetFile(service: "quiet", floor: "0"))
                let release = try fleet.write(HandMade(service: "quiet", version: "1.0"))
                try await fleet.rollOut(release, code: .succeeded)
                let pid = try await fleet.shell(1, "systemctl show -P MainPID quiet.service")
                try await fleet.shell(1, "systemctl stop agent.service")

                let end = try await fleet.onHost(1, "agent", "status", "--json")
                try #require(end.code == ExitCode.succeeded.rawValue, "\(end)")
                #expect(end.messages.contains("no agent runs on this host"), "\(end)")
                let report = try JSONDecoder().decode(HostReport.self, from: Data(end.output.utf8))
                let service = try #require(report.services.first { $0.service.text == "quiet" }, "\(end)")
                #expect(service.health == .unknown && !service.isInService, "\(service)")
                #expect(service.current?.id.version.text == "1.0", "\(service)")
                #expect(try await fleet.shell(1, "systemctl show -P MainPID quiet.service") == pid)

                try await fleet.shell(1, "systemctl start agent.service")
                try await fleet.eventually("the agent has looked") {
                    try await fleet.service(1, "quiet").health == .healthy
                }
            }
        }

        @Test("Under a dead coordinator's claim a rollback is refused, until somebody says to break the claim, and why")
        func breakClaim() async throws {
            try await FleetPool.shared.lend(hosts: 2) { fleet in
                var file = FleetFile(service: "orphan", floor: "0")
                try fleet.describe(file)
                try await fleet.rollOut(try fleet.write(HandMade(service: "orphan", version: "1.0")), code: .succeeded)
                file.stages = ["canary: 1, bake: 10m", "rest: true"]
                try fleet.describe(file)
                let next = try fleet.write(HandMade(service: "orphan", version: "1.1"))
                let rollout = try fleet.startFleet(next.rollout)
                try await fleet.waits(for: "stage canary bakes", from: rollout)
                try await fleet.crash(rollout)
                #expect(try await fleet.service(1, "orphan").operation?.phase == .committed)

                let refused = try await fleet.onHost(1, "agent", "rollback", "orphan")
                try #require(refused.code == ExitCode.refused.rawValue, "\(refused)")
                #expect(refused.messages.contains("--break-claim"), "\(refused)")
                #expect(try await fleet.service(1, "orphan").current?.id.version.text == "1.1")

                let words = ["rollback", "orphan", "--break-claim", "--reason", "the laptop is gone"]
                let broken = try await fleet.shell(1, "agent \(words.dropLast().joined(separator: " ")) '\(words[4])'")
                #expect(broken.contains("1.0"), "\(broken)")
                let report = try await fleet.expectReport(1, of: "orphan", runs: "1.0", phase: .committed)
                #expect(report.held?.contains("the laptop is gone") == true, "\(report)")

                // The rollout is not for that host any more, and says so.
                let aborted = try await fleet.fleet("abort", "--reason", "the laptop is back")
                #expect(aborted.code != ExitCode.succeeded.rawValue, "\(aborted)")
                try await fleet.expectReport(1, of: "orphan", runs: "1.0")
                try await fleet.expectReport(2, of: "orphan", runs: "1.0")
            }
        }
    }
}
