import Foundation
import Glibc
import Model
import Testing

extension EndToEnd {
    /// A coordinator that serves a team.
    @Suite struct ServeTests {
        @Test("A rollout goes on when the operator's terminal closes; a colleague looks on from elsewhere: exit code 0")
        func terminal() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try await fleet.begin(with: "13.0", FleetFile(floor: "4"))
                let team = try await Team(fleet)
                let next = try await fleet.build("13.1", healthyFor: "2s")
                let traffic = try await Traffic(fleet, floor: 4)

                let rollout = try team.start("bob", next.rollout)
                try await fleet.waits(for: "h1 switches", from: rollout)
                rollout.signal(SIGINT)
                let left = try await rollout.end()
                try #require(left.code == ExitCode.interrupted.rawValue, "\(left)")
                #expect(left.messages.contains("goes on without you"), "\(left)")

                let watched = try await team.fleet("tester", ["watch", "--output", "json"])
                try #require(watched.code == ExitCode.succeeded.rawValue, "\(watched)")
                #expect(watched.output.contains(#""event":"host_finished""#), "\(watched)")
                let seen = try await traffic.stop()
                try await fleet.expect(1...5, run: "13.1", phase: .committed)
                try #require(seen.lowest >= 4 && seen.belowFloor == 0, "\(seen)")

                // What looks works from afar as it does beside the ledger.
                for (command, words) in [
                    (["history"], "bob@"), (["status"], "5 of 5 hosts in service"), (["why"], "13.1"),
                    (["logs", "hello", "--host", "h2"], "hello 13.1 is ready"), (["doctor"], "everything is fine"),
                    (["diff", "hello", "--env", FleetFile.environment], "the same release"),
                ] {
                    let end = try await team.fleet("bob", command)
                    #expect(end.code == 0 && end.output.contains(words), "\(end)")
                }
                try await team.stop()
            }
        }

        @Test(
            "Killed in the middle and started again, the coordinator goes on by itself, and so does who looks on: exit code 0"
        )
        func killed() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try await fleet.begin(with: "13.2", FleetFile(floor: "4"))
                let team = try await Team(fleet)
                let next = try await fleet.build("13.3", healthyFor: "2s")
                let traffic = try await Traffic(fleet, floor: 4)
                let rollout = try team.start("bob", next.rollout)
                try await fleet.waits(for: "h2 switches", from: rollout)
                try await team.crash()
                try await fleet.waits(for: "the coordinator is away", from: rollout)
                try await team.serve()
                let end = try await rollout.end()
                let seen = try await traffic.stop()
                try #require(end.code == ExitCode.succeeded.rawValue, "\(end)")
                try await fleet.expect(1...5, run: "13.3", phase: .committed)
                try #require(seen.lowest >= 4 && seen.belowFloor == 0, "\(seen)")
                try await team.stop()
            }
        }

        @Test("Two operators: a word of one ends what the other has begun, and a second rollout is refused: 7 and 3")
        func together() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try await fleet.begin(with: "13.4", FleetFile(floor: "4"))
                let team = try await Team(fleet)
                let next = try await fleet.build("13.5", healthyFor: "20s")
                let other = try await fleet.build("13.6")
                let rollout = try team.start("bob", next.rollout)
                try await fleet.waits(for: "h1 switches", from: rollout)

                let second = try await team.fleet("carol", other.rollout)
                try #require(second.code == ExitCode.refused.rawValue, "\(second)")
                #expect(second.messages.contains("bob@"), "\(second)")

                let aborted = try await team.fleet("carol", ["abort", "--reason", "not today"])
                try #require(aborted.code == ExitCode.aborted.rawValue, "\(aborted)")
                let heard = try await rollout.end()
                try #require(heard.code == ExitCode.aborted.rawValue, "\(heard)")
                #expect(heard.output.contains("not today"), "\(heard)")
                try await fleet.expect(1...5, run: "13.4")
                try await team.stop()
            }
        }
    }
}

/// A serving coordinator in the fleet's workspace, and operators with workspaces of their own.
final class Team: Sendable {
    private let fleet: Fleet
    private let server = Server()

    private actor Server {
        var child: Child?
        var isTraced = false
        func set(_ child: Child, isTraced: Bool) { (self.child, self.isTraced) = (child, isTraced) }
    }

    private static let place = "127.0.0.1:7440"

    init(_ fleet: Fleet) async throws {
        self.fleet = fleet
        try await issue("coordinator", "main", to: ".fleet/coordinator")
        for person in ["bob", "carol"] {
            try await issue("operator", person, to: "\(person)/.fleet/operator")
            let text = "fleet: e2e\ncoordinator: \(Self.place)\n"
            try text.write(toFile: "\(fleet.directory)/\(person)/fleet.yml", atomically: true, encoding: .utf8)
        }
        try await serve()
    }

    /// Other tests may have made it before.
    private func issue(_ role: String, _ name: String, to path: String) async throws {
        guard !FileManager.default.fileExists(atPath: "\(fleet.directory)/\(path)") else { return }
        try FileManager.default.createDirectory(
            atPath: "\(fleet.directory)/\(path)",
            withIntermediateDirectories: true
        )
        try await fleet.fleet("ca", "issue", role, name, "--out", path, code: .succeeded)
    }

    /// Starts the coordinator, under a command that runs it, if any.
    func serve(under wrapper: [String] = []) async throws {
        let child = try fleet.beside(wrapper + ["fleet", "serve", "--listen", Self.place], subject: "serve")
        await server.set(child, isTraced: !wrapper.isEmpty)
        try await fleet.waits(for: "coordinator listens", from: child)
    }

    var isServing: Bool { get async { await server.child?.isRunning == true } }

    /// Ends it as a power cut would.
    func crash() async throws { if let child = await server.child { try await fleet.crash(child) } }

    func stop() async throws {
        guard let child = await server.child else { return }
        if await server.isTraced {
            // Whoever runs it would only let it go.
            let path = "/proc/\(child.pid)/task/\(child.pid)/children"
            let pids = try String(contentsOfFile: path, encoding: .utf8).split(separator: " ")
            for pid in pids.compactMap({ pid_t($0) }) { kill(pid, SIGTERM) }
        } else {
            child.signal(SIGTERM)
        }
        let end = try await child.end(within: .seconds(30))
        try #require(end.code == 0, "\(end)")
    }

    /// Starts a command of an operator; `tester` sits at the coordinator's own workspace.
    func start(_ person: String, _ command: [String]) throws -> Child {
        let file = person == "tester" ? "fleet.yml" : "\(person)/fleet.yml"
        return try fleet.beside(
            ["env", "FLEET_FILE=\(file)", "FLEET_COORDINATOR=\(Self.place)", "fleet"] + command,
            subject: "\(person)-\(command[0])"
        )
    }

    func fleet(_ person: String, _ command: [String]) async throws -> Child.End {
        try await start(person, command).end(within: .seconds(180))
    }
}
