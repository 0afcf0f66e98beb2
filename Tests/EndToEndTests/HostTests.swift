import Model
import Testing

extension EndToEnd {
    /// One host and its package: enrolment, removal, local commands, sockets.
    @Suite struct HostTests {
        @Test("A host enters and leaves the fleet over SSH, and its service goes on")
        func enrolment() async throws {
            try await FleetPool.shared.fresh(hosts: 1, members: false) { fleet in
                let add = ["host", "add", "root@\(fleet.address(1))", "--name", "h1", "--packages", Machine.packages]
                let added = try await fleet.fleet(add)
                try #require(added.code == 0, "\(added)")
                #expect(added.output.contains("- {name: h1, address: \(fleet.address(1))}"), "\(added)")
                try await fleet.rollOut(try await fleet.build("1.0"), code: .succeeded)
                try await fleet.expect([1], run: "1.0", phase: .committed)

                // Again: an upgrade, which the service does not notice.
                let pid = try await fleet.shell(1, "systemctl show -P MainPID hello.service")
                let again = try await fleet.fleet(add)
                try #require(again.code == 0, "\(again)")
                try await fleet.waitForLook(1)
                try await fleet.expect([1], run: "1.0")

                try await fleet.fleet("host", "remove", "root@\(fleet.address(1))", "--yes", code: .succeeded)
                try await fleet.shell(1, "test ! -e /usr/bin/agent; test ! -e /etc/fleet")
                try await fleet.expectAnswer(1, "1.0")
                #expect(try await fleet.shell(1, "systemctl show -P MainPID hello.service") == pid)
            }
        }

        @Test("Removing the package stops no service, also not after a reboot")
        func removal() async throws {
            try await FleetPool.shared.fresh(hosts: 1) { fleet in
                try await fleet.rollOut(try await fleet.build("1.0"), code: .succeeded)
                try await fleet.shell(1, "dpkg --remove fleet-agent >&2")
                try await fleet.expectAnswer(1, "1.0")
                try await fleet.power("stop", 1)
                try await fleet.power("start", 1)
                try await fleet.eventually("the service is up after a boot without an agent") {
                    try await fleet.answer(1).contains("hello 1.0 from h1")
                }
            }
        }

        @Test("An agent whose message bus was restarted goes on by the new one")
        func bus() async throws {
            try await FleetPool.shared.fresh(hosts: 1) { fleet in
                try await fleet.rollOut(try await fleet.build("1.0"), code: .succeeded)
                let pid = try await fleet.shell(1, "systemctl show -P MainPID agent.service")
                try await fleet.shell(1, "systemctl restart dbus.service")
                try await fleet.rollOut(try await fleet.build("1.1"), code: .succeeded)
                try await fleet.expect([1], run: "1.1", phase: .committed)
                #expect(try await fleet.shell(1, "systemctl show -P MainPID agent.service") == pid)
            }
        }

        @Test("Without a coordinator: apply, rollback, verify and history on the host itself")
        func local() async throws {
            try await FleetPool.shared.fresh(hosts: 1) { fleet in
                try await fleet.rollOut(try await fleet.build("1.0"), code: .succeeded)
                let next = try await fleet.build("1.1")
                let artifact = try await fleet.artifact(next)
                try await fleet.bring(artifact, to: 1)
                let apply = ["agent", "apply", "/root/hello-1.1.tar", "--env", FleetFile.environment]

                let applied = try await fleet.shell(1, apply.joined(separator: " "))
                #expect(applied.contains("1.1"), "\(applied)")
                try await fleet.expect([1], run: "1.1", phase: .committed)
                #expect(try await fleet.service(1).held != nil)

                try await fleet.rollOut(try await fleet.build("1.2"), code: .refused)
                try await fleet.shell(1, "agent rollback hello")
                try await fleet.expect([1], run: "1.0")
                try await fleet.shell(1, "agent verify hello; agent history hello; agent unhold hello")
                try await fleet.rollOut(try await fleet.build("1.2"), code: .succeeded)
                try await fleet.expect([1], run: "1.2", phase: .committed)

                try await fleet.shell(1, "echo '# edited' >>/srv/hello/current/service.yml")
                let verified = try await fleet.onHost(1, "agent", "verify", "hello")
                try #require(verified.code == ExitCode.failed.rawValue, "\(verified)")
                #expect(verified.output.contains("service.yml"), "\(verified)")
            }
        }

        @Test("Behind a socket that systemd holds, no request is refused during a rollout")
        func socket() async throws {
            try await FleetPool.shared.fresh(hosts: 3) { fleet in
                try await fleet.begin(with: "1.0", FleetFile(service: "hello-socket", floor: "2"))
                let next = try await fleet.build("1.1", of: "hello-socket")
                let traffic = try await Traffic(fleet, of: "hello-socket", floor: 3)
                try await fleet.rollOut(next, code: .succeeded)
                let seen = try await traffic.stop()
                try #require(seen.failed == 0, "\(seen)")
                try #require(seen.versions["1.0"] != nil && seen.versions["1.1"] != nil, "\(seen)")
                try await fleet.expect(1...3, run: "1.1", of: "hello-socket", phase: .committed)
            }
        }
    }
}
