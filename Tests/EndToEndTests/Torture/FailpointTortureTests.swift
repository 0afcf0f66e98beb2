import Agent
import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// The debug build of the agent, killed at its named steps; released agents have none.
    @Suite struct FailpointTortureTests {
        @Test("Killed at any named step, and again while it recovers, a host runs the old or the new release, whole")
        func killed() async throws {
            let recordings = try await Self.recordings()
            let passed = Set(recordings.flatMap { $0.1.map(\.name) })
            for expected in [Failpoint.beforeStore, .betweenUnpack, .afterSwitchFiles, .beforeEnabling, .afterDeletion]
            {
                try #require(passed.contains(expected.rawValue), "never passed: \(expected)")
            }
            var points = 0
            var trials: [Trial] = []
            for (operation, passes) in recordings {
                points += passes.count
                trials += Torture.points(passes, sample: 4).enumerated().map { index, pass in
                    Self.trial(operation, pass, index: index)
                }
            }
            let run = TortureRun(title: "kills at failpoints", points: points, trials: trials) { fleet in
                try await fleet.installDebugAgent()
            }
            try await run.perform()
        }

        /// One time that a failpoint was passed.
        private struct Pass: Sendable {
            let name: String
            let count: Int
        }

        /// Some take-overs are killed, too, at each step of their recovery in turn; others are left to the dead man's timer.
        private static func trial(_ operation: Trial.Operation, _ pass: Pass, index: Int) -> Trial {
            let recoveries: [Failpoint] = [.beforeRecovery, .beforeStore, .afterStore, .afterRecovery]
            let point = "\(pass.name) \(pass.count)"
            return switch index % 3 {
            case 1:
                Trial(
                    operation: operation,
                    fault: .failpoints([point, "\(recoveries[index / 3 % recoveries.count].rawValue) 1"])
                )
            case 2: Trial(operation: operation, fault: .failpoints([point]), successor: .deadMan)
            case _: Trial(operation: operation, fault: .failpoints([point]))
            }
        }

        private static func recordings() async throws -> [(Trial.Operation, [Pass])] {
            let found = Recordings()
            try await FleetPool.shared.fresh(hosts: 1) { fleet in
                try await fleet.installDebugAgent()
                let host = TortureHost(fleet)
                try await host.begin()
                for operation in Trial.Operation.allCases {
                    var counts: [String: Int] = [:]
                    let passes = try await host.recordFailpoints(operation).map { name in
                        counts[name, default: 0] += 1
                        return Pass(name: name, count: counts[name] ?? 0)
                    }
                    await found.add(operation, passes)
                }
            }
            return await found.all
        }

        private actor Recordings {
            private(set) var all: [(Trial.Operation, [Pass])] = []
            func add(_ operation: Trial.Operation, _ passes: [Pass]) { all.append((operation, passes)) }
        }
    }
}

extension Fleet {
    /// Puts the agent of this build, with Swift's runtime, in the place of the package's; failpoints are ordered by a file.
    fileprivate func installDebugAgent() async throws {
        let share = try await script("hosts/exec", ["share"]).output.trimmingCharacters(in: .whitespacesAndNewlines)
        let agent = "\(Machine.checkout)/.build/debug/agent"
        try await done(["strip", "-S", "-o", "\(share)/agent", agent])
        // What the package does not bring: a debug build finds Swift's runtime where the toolchain has it.
        let libraries = try await done(["ldd", agent]).split(whereSeparator: \.isNewline).compactMap { line in
            let path = line.split(separator: " ").first { $0.hasPrefix("/") }.map(String.init)
            return path.flatMap { $0.contains("/swift/") ? $0 : nil }
        }
        try await done(
            ["tar", "--create", "--absolute-names", "--dereference", "--file", "\(share)/runtime.tar"] + libraries
        )
        try await shell(
            1,
            """
            tar --extract --absolute-names --file /mnt/share/runtime.tar
            systemctl stop agent.service
            cp /mnt/share/agent /usr/bin/agent
            systemctl set-environment FLEET_FAILPOINTS=/run/fleet/failpoints
            systemctl start agent.service
            """
        )
        for file in ["agent", "runtime.tar"] { try FileManager.default.removeItem(atPath: "\(share)/\(file)") }
    }

    /// Runs a command of this machine, which must succeed; answers what it printed.
    @discardableResult
    private func done(_ command: [String]) async throws -> String {
        let end = try await start(command, subject: command[0]).end()
        try #require(end.code == 0, "\(end)")
        return end.output
    }
}
