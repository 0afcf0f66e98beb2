import Foundation
import Glibc
import Model
import TestSupport
import Testing

extension EndToEnd {
    /// A coordinator that stands still in mid-rollout while another one takes its hosts, and then wakes up.
    @Suite struct TwoCoordinatorsTortureTests {
        /// Where the first coordinator is stopped.
        enum Moment: Sendable {
            /// The hosts are claimed, none has switched.
            case preparing
            /// A host runs the new release, uncommitted.
            case switched
            /// The canary is committed, its stage bakes.
            case baking
        }

        /// What frees the hosts that it holds.
        enum Release: Sendable {
            case lapse
            /// A person at a host, too.
            case person
        }

        /// When the first coordinator wakes up.
        enum Waking: Sendable {
            case inMidRollout
            case afterwards
        }

        struct Row: CustomTestStringConvertible, Sendable {
            /// Names the releases.
            let number: Int
            let moment: Moment
            let release: Release
            let waking: Waking
            var testDescription: String { "stopped \(moment), freed by \(release), woken \(waking)" }
        }

        static let rows = [
            Row(number: 1, moment: .switched, release: .lapse, waking: .inMidRollout),
            Row(number: 2, moment: .preparing, release: .lapse, waking: .afterwards),
            Row(number: 3, moment: .preparing, release: .lapse, waking: .inMidRollout),
            Row(number: 4, moment: .switched, release: .lapse, waking: .afterwards),
            Row(number: 5, moment: .baking, release: .lapse, waking: .inMidRollout),
            Row(number: 6, moment: .baking, release: .person, waking: .afterwards),
        ]

        @Test(
            "It changes nothing on any host, and ends as failed",
            arguments: Torture.points(rows, sample: 1)
        )
        func wakesUp(_ row: Row) async throws {
            try await FleetPool.shared.lend(hosts: 3) { fleet in
                let duel = try await Duel(fleet, number: row.number)
                let sleeper = try await duel.begin(until: row.moment)
                try await duel.stop(sleeper, freedBy: row.release)
                let rival = try await duel.takeOver()
                let before: [Duel.Trace]
                switch row.waking {
                case .inMidRollout:
                    before = []
                    sleeper.signal(SIGCONT)
                case .afterwards:
                    try await duel.succeeds(rival)
                    before = try await duel.traces()
                    sleeper.signal(SIGCONT)
                }
                let end = try await sleeper.end()
                try #require(end.code == ExitCode.failed.rawValue, "\(end)")
                #expect("\(end)".contains("is older than") || "\(end)".contains("held by"), "\(end)")
                switch row.waking {
                case .inMidRollout: try await duel.succeeds(rival)
                case .afterwards: #expect(try await duel.traces() == before)
                }
                try await duel.expectRivalHasTheLastWord()
                print("torture: two coordinators: \(row.testDescription): nothing changed on 3 hosts")
            }
        }
    }
}

/// Two coordinators with a ledger each, and the hosts between them.
private struct Duel {
    /// What a host would show of anything that was done to its service.
    struct Trace: Equatable {
        let history: [HistoryEntry]
        let releases: String
        let invocation: String
    }

    let fleet: Fleet
    let number: Int

    private static let hosts = 1...3
    private static let other = ["--file", "other/fleet.yml"]

    /// Hosts that run one release, with leases as short as they can be.
    init(_ fleet: Fleet, number: Int) async throws {
        self.fleet = fleet
        self.number = number
        let settings = ["commit_within: 5s"]
        let stages = ["canary: 1, bake: 15s", "rest: true"]
        let file = FleetFile(floor: "1", window: 2, stages: stages, settings: settings)
        try await fleet.begin(with: "60.\(number)", file)
        for host in Self.hosts { try await fleet.setLease(host, "10s") }
        try await fleet.makeSecondLedger()
        let text = FleetFile(floor: "1", settings: settings).text(addresses: fleet.addresses)
        try text.write(toFile: "\(fleet.directory)/other/fleet.yml", atomically: true, encoding: .utf8)
    }

    /// Starts the first coordinator's rollout, and answers when it has come so far.
    func begin(until moment: EndToEnd.TwoCoordinatorsTortureTests.Moment) async throws -> Child {
        // What takes long to bring to the hosts leaves time to look.
        let fault = moment == .preparing ? "bulk=120M" : nil
        let next = try await fleet.build("61.\(number)", fault: fault, healthyFor: "3s")
        let rollout = try fleet.startFleet(next.rollout)
        switch moment {
        case .preparing: try await fleet.waits(for: "preparing", from: rollout)
        case .switched: try await fleet.waits(for: "h1 switches", from: rollout)
        case .baking: try await fleet.waits(for: "stage canary bakes", from: rollout)
        }
        return rollout
    }

    /// Stops it, and frees the hosts.
    func stop(
        _ sleeper: Child,
        freedBy release: EndToEnd.TwoCoordinatorsTortureTests.Release
    ) async throws {
        sleeper.signal(SIGSTOP)
        for host in Self.hosts { try #require(try await fleet.service(host).claim != nil, "h\(host) is not claimed") }
        switch release {
        case .lapse: break
        case .person:
            try await fleet.shell(1, "agent rollback hello --break-claim --reason 'nobody answers'")
            try await fleet.shell(1, "agent unhold hello")
        }
    }

    /// Starts the second coordinator's rollout as soon as the hosts let it.
    func takeOver() async throws -> Child {
        let release = try await fleet.build("62.\(number)", healthyFor: "1s")
        let deadline = ContinuousClock.now + .seconds(90)
        while true {
            let rollout = try fleet.startFleet(release.rollout + Self.other)
            while rollout.isRunning, !rollout.words.messages.contains("h1 switches") {
                try await Task.sleep(for: .milliseconds(20))
            }
            guard !rollout.isRunning else { return rollout }
            let end = try await rollout.end()
            try #require(end.code == ExitCode.refused.rawValue && "\(end)".contains("held by"), "\(end)")
            try #require(ContinuousClock.now < deadline, "the claims do not lapse: \(end)")
        }
    }

    func succeeds(_ rival: Child) async throws {
        let end = try await rival.end()
        try #require(end.code == ExitCode.succeeded.rawValue, "\(end)")
    }

    func history(_ host: Int) async throws -> [HistoryEntry] {
        let text = try await fleet.shell(host, "agent history hello --json --limit 100")
        return try JSONDecoder().decode([HistoryEntry].self, from: Data(text.utf8))
    }

    func traces() async throws -> [Trace] {
        var traces: [Trace] = []
        for host in Self.hosts {
            traces.append(
                Trace(
                    history: try await history(host),
                    releases: try await fleet.shell(host, "ls -l --full-time /srv/hello/releases"),
                    invocation: try await fleet.shell(host, "systemctl show -P InvocationID hello.service")
                )
            )
        }
        return traces
    }

    /// Fails unless each host runs the second coordinator's release, and nothing of the first came after it.
    func expectRivalHasTheLastWord() async throws {
        try await fleet.expect(Self.hosts, run: "62.\(number)", phase: .committed)
        for host in Self.hosts {
            let entries = try await history(host).map(\.operation)
            let first = try #require(entries.firstIndex { $0.target.version.text == "62.\(number)" })
            #expect(first == entries.count - 1, "h\(host): \(entries[first...])")
        }
        for host in Self.hosts { try await fleet.setLease(host, nil) }
        for host in Self.hosts { try await fleet.waitForLook(host) }
    }
}
