import Foundation
import Model
import Testing

extension EndToEnd {
    /// The operator's commands beside rollouts, for people and for machines.
    @Suite struct OperatorTests {
        @Test("What looks says what runs, and the same as JSON: exit code 0")
        func looking() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try await fleet.begin(with: "9.0", FleetFile(floor: "4"))
                let release = try await fleet.build("9.1")
                let rows: [(command: [String], words: [String])] = [
                    (["status", "hello"], ["hello in test: 5 of 5 hosts in service", "9.0", "healthy"]),
                    (["hosts", "hello"], ["h5", "\(fleet.address(5)):7443"]),
                    (["history", "hello"], ["succeeded", "9.0"]),
                    (["why"], ["was started by tester", "9.0"]),
                    (["doctor"], ["h1", "everything is fine"]),
                    (["logs", "hello", "--host", "h2", "-n", "50"], ["hello.service: hello 9.0 is ready"]),
                    (Array(release.rollout.dropLast()), ["sha256:", "9.1", "floor"]),
                ]
                for row in rows {
                    let command = row.command[0] == "rollout" ? ["plan"] + row.command.dropFirst() : row.command
                    let end = try await fleet.fleet(command)
                    try #require(end.code == ExitCode.succeeded.rawValue, "\(end)")
                    for word in row.words { #expect(end.output.contains(word), "\(word): \(end)") }

                    let json = try await fleet.fleet(command + ["--output", "json"])
                    try #require(json.code == ExitCode.succeeded.rawValue, "\(json)")
                    try Self.expectJSON(json, byLine: command[0] == "logs")
                }
                // Nothing of it has changed anything.
                try await fleet.expect(1...5, run: "9.0")
            }
        }

        @Test("A rolling restart keeps the floor, and every process is a new one")
        func restart() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try await fleet.begin(with: "9.2", FleetFile(floor: "3", window: 2))
                let before = try await Self.invocations(fleet)
                let traffic = try await Traffic(fleet, floor: 3)
                let command = ["restart", "hello", "--env", FleetFile.environment, "--yes", "--output", "json"]
                let end = try await fleet.fleet(command + ["--reason", "a new libc"])
                let seen = try await traffic.stop()
                try #require(end.code == ExitCode.succeeded.rawValue, "\(end)")
                try Self.expectJSON(end, byLine: true)
                try await fleet.expect(1...5, run: "9.2", phase: .committed)
                let after = try await Self.invocations(fleet)
                #expect(zip(before, after).allSatisfy { $0 != $1 }, "\(before) \(after)")
                try #require(seen.lowest >= 3 && seen.belowFloor == 0, "\(seen)")
            }
        }

        @Test("Pause lets the host in flight finish and ends with 5; resume goes on from there and ends with 0")
        func pause() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try await fleet.begin(with: "9.3", FleetFile(floor: "4"))
                let next = try await fleet.build("9.4", healthyFor: "2s")
                let traffic = try await Traffic(fleet, floor: 4)
                let rollout = try fleet.startFleet(next.rollout)
                try await fleet.waits(for: "h2 switches", from: rollout)
                let told = try await fleet.fleet("pause", "--reason", "lunch")
                try #require(told.code == ExitCode.paused.rawValue, "\(told)")
                let paused = try await rollout.end()
                try #require(paused.code == ExitCode.paused.rawValue, "\(paused)")
                #expect(paused.output.contains("lunch"), "\(paused)")
                try await fleet.expectVersions("9.4", 1...2)
                try await fleet.expectVersions("9.3", 3...5)
                #expect(try await fleet.service(2).operation?.phase == .committed)

                let why = try await fleet.fleet("why", code: .succeeded)
                #expect(why.output.contains("paused") && why.output.contains("resume"), "\(why)")
                let resumed = try await fleet.fleet(
                    "resume",
                    "--reason",
                    "coffee",
                    "--output",
                    "json",
                    code: .succeeded
                )
                try Self.expectJSON(resumed, byLine: true)
                let seen = try await traffic.stop()
                try await fleet.expect(1...5, run: "9.4", phase: .committed)
                try #require(seen.lowest >= 4 && seen.belowFloor == 0, "\(seen)")
            }
        }

        /// systemd's names for the runs of hello.
        private static func invocations(_ fleet: Fleet) async throws -> [String] {
            var found: [String] = []
            for host in 1...fleet.count {
                found.append(try await fleet.shell(host, "systemctl show -P InvocationID hello.service"))
            }
            return found
        }

        /// Fails unless there is output, and it is one JSON value, or one on each line.
        private static func expectJSON(
            _ end: Child.End,
            byLine: Bool,
            at location: SourceLocation = #_sourceLocation
        ) throws {
            let texts = byLine ? end.output.split(separator: "\n").map(String.init) : [end.output]
            try #require(!texts.isEmpty, "\(end)", sourceLocation: location)
            for text in texts {
                let value = try? JSONSerialization.jsonObject(with: Data(text.utf8))  // what is none is shown
                try #require(value != nil, "no JSON: \(text)", sourceLocation: location)
            }
        }
    }
}
