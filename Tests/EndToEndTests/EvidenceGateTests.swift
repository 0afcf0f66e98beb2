import Foundation
import Model
import Testing

extension EndToEnd {
    /// Gates that need no monitoring of their own: what agents find on their hosts, and what another service's gates say.
    @Suite struct EvidenceGateTests {
        @Test("A release that logs errors is well by its checks, and taken back by its journal: exit codes 0 and 4")
        func errors() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try await fleet.begin(with: "45.0", file("units: {systemd: {max_error_lines: 0}}"))
                let good = try await fleet.build("45.1")
                let passed = try await fleet.rollOut(good, code: .succeeded)
                let found = "gate units of stage canary passed: hello.service on h1 is active"
                #expect(passed.output.contains(found), "\(passed)")
                #expect(passed.output.contains("hello.service on h1 has written 0 error lines"), "\(passed)")

                let loud = try await fleet.build("45.2", fault: "complains")
                let end = try await fleet.rollOut(loud, code: .rolledBack)
                #expect(end.output.contains("hello.service on h1 has written 1 error lines; expected active"), "\(end)")
                try await fleet.expect(1...5, run: "45.1")
            }
        }

        @Test(
            "A release that takes far more memory than unchanged hosts is taken back: 4; where systemd counts none, it goes no further: 5"
        )
        func memory() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                let gate = "units: {systemd: {max_memory: 1000%}, interval: 1s, retries: 1}"
                try await fleet.begin(with: "45.7", file(gate))
                // By the controllers of the machine that the hosts are on.
                let counted = try await fleet.shell(2, "systemctl show -P MemoryCurrent hello.service")
                let isCounted = Int64(counted.filter(\.isNumber)) != nil
                let leak = try await fleet.build("45.8", fault: "leak")
                let end = try await fleet.rollOut(leak, code: isCounted ? .rolledBack : .paused)
                if isCounted {
                    #expect(end.output.contains("MiB memory, unchanged hosts "), "\(end)")
                    #expect(end.output.contains("memory at most 1000% of unchanged hosts"), "\(end)")
                } else {
                    #expect(end.output.contains("no unchanged host says how much memory its unit uses"), "\(end)")
                    try await fleet.fleet("abort", "--rollback", code: .rolledBack)
                }
                try await fleet.expect(1...5, run: "45.7")
            }
        }

        @Test(
            "A release that uses far more CPU than unchanged hosts is taken back: 4; where systemd counts none, it goes no further: 5"
        )
        func processors() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                let gate = "units: {systemd: {max_cpu: 500%}, interval: 1s, retries: 1}"
                try await fleet.begin(with: "45.9", file(gate))
                let counted = try await fleet.shell(2, "systemctl show -P CPUUsageNSec hello.service")
                let isCounted = Int64(counted.filter(\.isNumber)) != nil
                let busy = try await fleet.build("45.10", fault: "busy")
                let end = try await fleet.rollOut(busy, code: isCounted ? .rolledBack : .paused)
                if isCounted {
                    #expect(end.output.contains(" CPUs, unchanged hosts "), "\(end)")
                } else {
                    #expect(end.output.contains("no unchanged host says how much CPU its unit uses"), "\(end)")
                    try await fleet.fleet("abort", "--rollback", code: .rolledBack)
                }
                try await fleet.expect(1...5, run: "45.9")
            }
        }

        private func file(_ gate: String) -> FleetFile {
            FleetFile(
                floor: "1",
                stages: ["canary: 1, bake: 3s, gates: [units]", "rest: true, window: 4"],
                settings: ["gates:", "  \(gate)"]
            )
        }

        @Test("What another service's gate says counts, with that service's hosts; the plan has every word: 0 and 4")
        func service() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                let script = "echo $FLEET_SERVICE on $FLEET_HOSTS; exit $(cat api-state)"
                let file = FleetFile(
                    floor: "1",
                    stages: ["canary: 1, gates: [api]", "rest: true, window: 4"],
                    settings: ["gates:", "  api: {service: api, gates: [errors], retries: 0}"],
                    others: [
                        "api:", "  environments:", "    \(FleetFile.environment):",
                        "      hosts: [{name: h5, address: \(fleet.address(5))}]",
                        "      stages: [{rest: true, gates: [errors]}]",
                        "      gates: {errors: {command: [sh, -c, '\(script)']}}",
                    ]
                )
                try await fleet.begin(with: "45.4", file)
                try say("0", fleet)
                let good = try await fleet.build("45.5")
                let passed = try await fleet.rollOut(good, code: .succeeded)
                #expect(
                    passed.output.contains("gate api of stage canary passed: gates errors of api passed"),
                    "\(passed)"
                )
                #expect(passed.messages.contains("gate errors of service api passes: 'sh -c "), "\(passed)")

                try say("1", fleet)
                let bad = try await fleet.build("45.6")
                let end = try await fleet.rollOut(bad, code: .rolledBack)
                let found = "gate errors of api failed: sh ended with 1: api on h5"
                #expect(end.output.contains("gate api of stage canary failed: \(found)"), "\(end)")
                try await fleet.expect(1...5, run: "45.5")
            }
        }

        /// How the other service's gate will end.
        private func say(_ code: String, _ fleet: Fleet) throws {
            try code.write(toFile: "\(fleet.directory)/api-state", atomically: true, encoding: .utf8)
        }
    }
}
