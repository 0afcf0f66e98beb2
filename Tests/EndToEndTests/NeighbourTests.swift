import Foundation
import Model
import Testing

extension EndToEnd {
    /// This version beside the one before it: a fleet upgrades itself one program at a time, in either order.
    @Suite(.enabled(if: Machine.hasPrevious(), "needs the packages of the version before (scripts/previous)"))
    struct NeighbourTests {
        /// The version that each host runs, as `fleet status` says in JSON.
        private static func versions(_ output: String) throws -> [String] {
            struct Status: Decodable { let report: ServiceReport? }
            return try JSONDecoder().decode([Status].self, from: Data(output.utf8)).map {
                $0.report?.current?.id.version.text ?? "none"
            }
        }

        enum Older: String, CaseIterable {
            case agents
            case operators

            var versions: Fleet.Versions {
                switch self {
                case .agents: Fleet.Versions(agents: Fleet.previousTools)
                case .operators: Fleet.Versions(operators: Fleet.previousTools)
                }
            }
        }

        @Test(
            "Rollout, revert, status and rollback work where one side is of the version before",
            arguments: Older.allCases
        )
        func neighbours(_ older: Older) async throws {
            try await FleetPool.shared.fresh(hosts: 2, versions: older.versions) { fleet in
                try await fleet.begin(with: "1.0", FleetFile(floor: "1"))
                try await fleet.rollOut(try await fleet.build("1.1"), code: .succeeded)
                try await fleet.expect(1...2, run: "1.1", phase: .committed)

                try await fleet.rollOut(try await fleet.build("1.2", fault: "unhealthy"), code: .rolledBack)
                try await fleet.expect(1...2, run: "1.1")

                let status = try await fleet.fleet("status", "--output", "json", code: .succeeded)
                #expect(try Self.versions(status.output) == ["1.1", "1.1"], "\(status)")
                try await fleet.fleet("rollback", "hello", "--env", FleetFile.environment, "--yes", code: .succeeded)
                try await fleet.expect(1...2, run: "1.0", phase: .committed)
                try await fleet.fleet("audit", "export", code: .succeeded)
            }
        }

        @Test(
            "An agent that its package upgrades goes on with the journal of the version before, beside one that stays"
        )
        func upgraded() async throws {
            try await FleetPool.shared.fresh(hosts: 2, versions: Older.agents.versions) { fleet in
                try await fleet.begin(with: "2.0", FleetFile(floor: "1"))
                let service = try await fleet.shell(1, "systemctl show -P MainPID hello.service")
                let before = try await fleet.shell(1, "sha256sum </usr/bin/agent")
                let packages = try Fleet.tools.packages.filter { $0.contains("/fleet-") }
                let copy = try await fleet.beside(["scp", "-q"] + packages + ["root@h1:"], subject: "scp").end()
                try #require(copy.code == 0, "\(copy)")
                try await fleet.shell(1, "dpkg -i /root/fleet-*.deb && systemctl is-active agent.service")
                #expect(try await fleet.shell(1, "sha256sum </usr/bin/agent") != before)
                try await fleet.waitForLook(1)
                try await fleet.expect(1...2, run: "2.0")
                #expect(try await fleet.shell(1, "systemctl show -P MainPID hello.service") == service)

                try await fleet.rollOut(try await fleet.build("2.1"), code: .succeeded)
                try await fleet.expect(1...2, run: "2.1", phase: .committed)
            }
        }
    }
}
