import Foundation
import Glibc
import Model
import TestSupport
import Testing

extension EndToEnd {
    /// Coordinators that are killed at each of their turns: the turn is in the ledger, nothing was done about it.
    ///
    /// One commit of a ledger is one fdatasync of its log, in the ledger's own thread; strace counts them and kills at the
    /// one that is named.
    @Suite struct CoordinatorKillTortureTests {
        @Test(
            "fleet rollout, killed at each turn and begun again, ends as if nothing had been: exit code 0, each step once"
        )
        func embedded() async throws {
            try await FleetPool.shared.lend(hosts: 3) { fleet in
                let torment = try await Torment(fleet, series: 63)
                let traffic = try await Traffic(fleet, hosts: Torment.hosts, floor: 1)
                let turns = try await torment.countTurns()
                // One more than there are: the last one is killed by nothing.
                let points = Torture.points(Array(1...turns + 1), sample: 4)
                var killed = 0
                for point in points where try await torment.kill(at: point) { killed += 1 }
                let seen = try await traffic.stop()
                try #require(seen.lowest >= 1 && seen.belowFloor == 0, "\(seen)")
                try #require(killed >= points.count / 2, "\(killed) of \(points.count) were killed")
                try await torment.verify()
                print(
                    "torture: fleet rollout: \(points.count) kill points of \(turns) turns, \(killed) killed, 0 failures"
                )
            }
        }

        @Test("fleet rollout, killed again and again after a few turns, comes to the same end")
        func again() async throws {
            try await FleetPool.shared.lend(hosts: 3) { fleet in
                let torment = try await Torment(fleet, series: 64)
                var lives = 0
                for patience in Torture.points([8, 12, 10], sample: 1) {
                    lives += try await torment.killAgainAndAgain(after: patience)
                }
                try #require(lives > 2, "it was hardly ever killed")
                try await torment.verify()
                print("torture: fleet rollout, killed again and again: \(lives) lives, 0 failures")
            }
        }

        @Test("fleet serve, killed at each turn and started again, goes on by itself: exit code 0, each step once")
        func serving() async throws {
            try await FleetPool.shared.lend(hosts: 3) { fleet in
                let torment = try await Torment(fleet, series: 65)
                let team = try await Team(fleet)
                try await team.stop()
                let turns = try await torment.countTurns()
                // The first commits are those of a server that starts.
                let points = Torture.points(Array(3...turns + 3), sample: 2)
                for point in points { try await torment.kill(team, at: point) }
                try await torment.verify()
                print("torture: fleet serve: \(points.count) kill points, 0 failures")
            }
        }
    }
}

/// Rollouts of one release after another over two hosts, by coordinators that do not live long.
private final class Torment: Sendable {
    static let hosts = [1, 2]

    private let fleet: Fleet
    private let series: Int
    private let releases = Counter()

    private actor Counter {
        var last = 0
        func next() -> Int {
            last += 1
            return last
        }
    }

    init(_ fleet: Fleet, series: Int) async throws {
        self.fleet = fleet
        self.series = series
        let stages = ["canary: 1, bake: 1s", "rest: true"]
        try await fleet.begin(with: "\(series).0", FleetFile(hosts: Self.hosts, floor: "1", stages: stages))
    }

    private func next() async throws -> ExampleRelease {
        try await fleet.build("\(series).\(await releases.next())", healthyFor: "0s")
    }

    private var log: String { "\(fleet.directory)/.fleet/ledger.db-wal" }

    /// The words that run a command with all the ledger's commits in `output`, and kill it at that one, if any.
    private func strace(_ output: String, killAt point: Int?) -> [String] {
        let kill = point.map { ["-e", "inject=fdatasync:signal=KILL:when=\($0)"] } ?? []
        return ["strace", "-f", "-qq", "-o", output, "-P", log, "-e", "trace=fdatasync"] + kill
    }

    private func start(_ release: ExampleRelease, killAt point: Int?, output: String = "/dev/null") throws -> Child {
        try fleet.beside(strace(output, killAt: point) + ["fleet"] + release.rollout, subject: "killed")
    }

    /// How many commits a rollout makes that nobody interrupts.
    func countTurns() async throws -> Int {
        let release = try await next()
        let end = try await start(release, killAt: nil, output: "\(fleet.directory)/turns").end()
        try #require(end.code == ExitCode.succeeded.rawValue, "\(end)")
        try await expectOnce(release)
        let lines = try String(contentsOfFile: "\(fleet.directory)/turns", encoding: .utf8).split(separator: "\n")
        let byThread = Dictionary(grouping: lines) { $0.prefix { $0 != " " } }
        let turns = byThread.values.map(\.count).max() ?? 0
        try #require(turns > 10, "strace saw \(turns) commits")
        return turns
    }

    /// Kills a rollout at one of its turns, and begins it again as an operator would; answers whether it was killed.
    func kill(at point: Int) async throws -> Bool {
        let release = try await next()
        let first = try await start(release, killAt: point).end()
        guard first.code == 128 + SIGKILL else {
            try #require(first.code == ExitCode.succeeded.rawValue, "turn \(point): \(first)")
            try await expectOnce(release)
            return false
        }
        let second = try await fleet.fleet(release.rollout)
        try #require(second.code == ExitCode.succeeded.rawValue, "killed at turn \(point), then: \(second)")
        try await expectOnce(release)
        return true
    }

    /// Kills every run of a rollout after so many turns; answers how many it needed.
    func killAgainAndAgain(after patience: Int) async throws -> Int {
        let release = try await next()
        for life in 1...100 {
            let end = try await start(release, killAt: patience).end()
            guard end.code != 128 + SIGKILL else { continue }
            try #require(end.code == ExitCode.succeeded.rawValue, "life \(life): \(end)")
            try await expectOnce(release)
            return life
        }
        throw Child.Problem(description: "no end after 100 lives of \(patience) turns")
    }

    /// The same for a coordinator that serves; whoever waits for it says his command again where nobody has heard it.
    func kill(_ team: Team, at point: Int) async throws {
        let release = try await next()
        try await team.serve(under: strace("/dev/null", killAt: point))
        let rollout = try team.start("bob", release.rollout)
        while await team.isServing, rollout.isRunning { try await Task.sleep(for: .milliseconds(10)) }
        if !rollout.isRunning, try await rollout.end().code == ExitCode.succeeded.rawValue {
            // It has outlived the rollout.
            try await team.stop()
            return try await expectOnce(release)
        }
        try await fleet.eventually("the coordinator is gone") { await !team.isServing }
        try await team.serve()
        let first = try await rollout.end()
        if first.code != ExitCode.succeeded.rawValue {
            let second = try await team.fleet("bob", release.rollout)
            try #require(second.code == ExitCode.succeeded.rawValue, "turn \(point): \(first), then \(second)")
        }
        try await expectOnce(release)
        try await team.stop()
    }

    /// Fails unless both hosts run the release, and have taken each step to it once.
    private func expectOnce(_ release: ExampleRelease) async throws {
        try await fleet.expect(Self.hosts, run: release.version, phase: .committed)
        for host in Self.hosts {
            let text = try await fleet.shell(host, "agent history hello --json --limit 5")
            let entries = try JSONDecoder().decode([HistoryEntry].self, from: Data(text.utf8)).map(\.operation)
            let ours = entries.filter { $0.target.version.text == release.version }
            try #require(ours.map(\.phase) == [.committed], "h\(host): \(ours)")
            let steps = try await steps(release, host)
            try #require(Set(steps).count == steps.count && steps.contains("preparing"), "h\(host): \(steps)")
        }
    }

    /// The phases of a release on a host, as its agent has logged them.
    private func steps(_ release: ExampleRelease, _ host: Int) async throws -> [String] {
        let script = """
            journalctl --sync
            journalctl -u agent.service -o cat --no-pager --since '-5min' | grep 'release=\(release.version)-' || true
            """
        let lines = try await fleet.shell(host, script).split(separator: "\n")
        return lines.compactMap { $0.firstMatch(of: /phase=([a-zA-Z]+)/).map { String($0.output.1) } }
    }

    /// Fails unless the ledger's records are whole, and its receipts are those of the hosts.
    func verify() async throws {
        let export = try await fleet.fleet("audit", "export", code: .succeeded).output
        try export.write(toFile: "\(fleet.directory)/audit.jsonl", atomically: true, encoding: .utf8)
        let end = try await fleet.fleet("audit", "verify", "audit.jsonl")
        try #require([ExitCode.succeeded.rawValue, ExitCode.incomplete.rawValue].contains(end.code), "\(end)")
    }
}
