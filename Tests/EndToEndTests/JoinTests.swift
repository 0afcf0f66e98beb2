import Glibc
import Model
import Testing

extension EndToEnd {
    /// A host that nobody logs in on makes itself a member.
    @Suite struct JoinTests {
        private static let port = "7440"

        @Test(
            "A host without a certificate joins a serving coordinator by a token, and a rollout reaches it: exit code 0"
        )
        func join() async throws {
            try await FleetPool.shared.fresh(hosts: 2, members: false) { fleet in
                try await fleet.fleet(
                    "ca",
                    "issue",
                    "coordinator",
                    "main",
                    "--out",
                    ".fleet/coordinator",
                    code: .succeeded
                )
                let serve = ["fleet", "serve", "--listen", "0.0.0.0:\(Self.port)"]
                let server = try fleet.beside(serve, subject: "serve")
                try await fleet.waits(for: "coordinator listens", from: server)
                for host in 1...2 { try await Self.install(on: host, fleet) }

                let first = try await Self.token(for: "h1", fleet)
                let joined = try await fleet.shell(1, Self.join(first))
                #expect(joined.contains("joined; its certificate holds until"), "\(joined)")
                #expect(try await fleet.shell(1, "stat -c '%a %U' /etc/fleet/tls/key.pem") == "600 root")
                // Whoever has copied it gets nothing for it.
                let stolen = try await fleet.onHost(2, "sh", "-euc", Self.join(first))
                try #require(stolen.code == ExitCode.refused.rawValue, "\(stolen)")
                #expect(stolen.messages.contains("was used at"), "\(stolen)")
                try await fleet.shell(2, "test ! -e /etc/fleet/agent.yml; test ! -e /etc/fleet/tls/key.pem")

                try await fleet.shell(2, Self.join(try await Self.token(for: "h2", fleet)))
                for host in 1...2 { try await fleet.shell(host, "systemctl enable --quiet --now agent.service") }
                try await fleet.rollOut(try await fleet.build("1.0"), code: .succeeded)
                try await fleet.expect(1...2, run: "1.0", phase: .committed)
                let again = try await fleet.shell(1, Self.join(first))
                #expect(again.contains("is a member already"), "\(again)")

                let records = try await fleet.fleet("audit", "export", code: .succeeded).output
                for kind in ["token.made", "token.used", "token.refused", "host.added"] {
                    #expect(records.contains(#""kind":"\#(kind)""#), "\(kind) in \(records)")
                }
                server.signal(SIGTERM)
                let end = try await server.end(within: .seconds(30))
                try #require(end.code == 0, "\(end)")
            }
        }

        /// The packages, as an image would have them; the host is nobody's yet.
        private static func install(on host: Int, _ fleet: Fleet) async throws {
            let copy =
                "scp -q \(Machine.packages)/fleet-agent_*.deb \(Machine.packages)/fleet-unpack_*.deb root@h\(host):"
            let copied = try await fleet.beside(["sh", "-euc", copy], subject: "scp").end()
            try #require(copied.code == 0, "\(copied)")
            try await fleet.shell(host, "dpkg -i /root/*.deb >&2; test ! -e /etc/fleet/agent.yml")
        }

        private static func token(for host: String, _ fleet: Fleet) async throws -> String {
            let made = try await fleet.fleet("host", "token", host, code: .succeeded)
            #expect(made.messages.contains("- {name: \(host)}"), "\(made)")
            return String(made.output.prefix { !$0.isNewline })
        }

        private static func join(_ token: String) -> String {
            "printf '%s\\n' '\(token)' | agent join - --coordinator ctl:\(port)"
        }
    }
}
