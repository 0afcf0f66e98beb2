import Foundation
import Model
import Testing

extension EndToEnd {
    /// What only a look at the other hosts, or at some time, can tell, asked of a real Prometheus.
    @Suite struct ComparisonTests {
        @Test(
            "A share of errors that all hosts have passes, and the same share fails where the unchanged hosts have less: exit codes 0 and 4"
        )
        func counts() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                let gates =
                    "worse: {\(Self.prometheus), compare: unchanged, bad: '\(Self.count(#"code="500""#))', "
                    + "requests: '\(Self.count("code=~\".+\""))', min_requests: 120, tolerance: 2%}"
                try await fleet.begin(with: "44.0", fault: "more-errors", file(gates, bake: "10s"))
                let metrics = try await Prometheus(fleet)
                let traffic = try await Traffic(fleet, floor: 0)

                // A bad day: every seventh request fails everywhere, which is no reason against this release.
                let same = try await fleet.build("44.1", fault: "more-errors")
                let alike = try await fleet.rollOut(same, code: .succeeded)
                #expect(alike.output.contains("gate worse of stage canary passed: "), "\(alike)")
                let better = try await fleet.build("44.2", fault: "few-errors")
                try await fleet.rollOut(better, code: .succeeded)

                // The same share as before, and now it is the release's own.
                let worse = try await fleet.build("44.3", fault: "more-errors")
                let end = try await fleet.rollOut(worse, code: .rolledBack)
                _ = try await traffic.stop()
                try await metrics.stop()
                #expect(end.output.contains("gate worse of stage canary failed: "), "\(end)")
                #expect(end.output.contains("bad on changed hosts, "), "\(end)")
                #expect(end.output.contains("expected at most 2% more at significance 1%"), "\(end)")
                try await expect("44.2", fleet)
                let why = try await fleet.fleet("why", code: .succeeded)
                #expect(why.output.contains("unchanged: h2, h3, h4, h5"), "\(why)")
            }
        }

        @Test(
            "What is measured over time must be within at every moment, and not above that of unchanged hosts: 0 and 4"
        )
        func samples() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                // A share, which is the same however many requests a busy machine gets through.
                let rate = #"sum by (host) (rate(hello_requests_total{host=~"$hosts"%}[5s]))"#
                let share =
                    rate.replacing("%", with: #",code="500""#) + " / " + rate.replacing("%", with: "")
                let gates =
                    "steady: {\(Self.prometheus), query: '\(share)', max: 0.5, over: 10s}\n"
                    + "  worse: {\(Self.prometheus), compare: unchanged, query: '\(share)', over: 25s, tolerance: 100%}"
                try await fleet.begin(
                    with: "44.4",
                    fault: "few-errors",
                    file(gates, names: "steady, worse", bake: "28s")
                )
                let metrics = try await Prometheus(fleet)
                let traffic = try await Traffic(fleet, floor: 0)
                let good = try await fleet.build("44.5", fault: "few-errors")
                let passed = try await fleet.rollOut(good, code: .succeeded)
                #expect(
                    passed.output.contains("gate steady of stage canary passed: {host=\"h1\"}: 11 samples"),
                    "\(passed)"
                )
                #expect(passed.output.contains("gate worse of stage canary passed: median "), "\(passed)")

                let bad = try await fleet.build("44.6", fault: "more-errors")
                let end = try await fleet.rollOut(bad, code: .rolledBack)
                _ = try await traffic.stop()
                try await metrics.stop()
                #expect(end.output.contains("gate worse of stage canary failed: median "), "\(end)")
                #expect(end.output.contains("samples of changed hosts, "), "\(end)")
                try await expect("44.5", fleet)
            }
        }

        @Test("A comparison in the last stage is refused before anything is changed: exit code 3")
        func last() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                let gates = "worse: {\(Self.prometheus), compare: unchanged, query: 'q{host=~\"$hosts\"}', over: 1s}"
                let ramp = FleetFile(
                    floor: "1",
                    stages: ["ramp: [1, 100%], bake: 2s, gates: [worse]"],
                    settings: ["gates:", "  \(gates)"]
                )
                try await fleet.begin(with: "44.7", ramp)
                let next = try await fleet.build("44.8")
                let end = try await fleet.rollOut(next, code: .refused)
                #expect(end.messages.contains("after stage ramp to 100% no host is left unchanged"), "\(end)")
                try await fleet.expect(1...5, run: "44.7")
            }
        }

        /// By what agents say: a request might be just the one that fails.
        private func expect(_ version: String, _ fleet: Fleet) async throws {
            for host in 1...5 { try await fleet.expectReport(host, of: "hello", runs: version) }
        }

        private func file(_ gates: String, names: String = "worse", bake: String) -> FleetFile {
            let settings = ["gates:"] + gates.split(separator: "\n").map { "  \($0.trimming())" }
            return FleetFile(
                floor: "1",
                stages: ["canary: 1, bake: \(bake), gates: [\(names)]", "rest: true, window: 4"],
                settings: settings
            )
        }

        /// Asked again as often as the metrics need to be there.
        private static let prometheus =
            #"prometheus: "http://127.0.0.1:\#(Prometheus.port)", interval: 1s, retries: 60"#

        private static func count(_ label: String) -> String {
            #"sum(increase(hello_requests_total{host=~"$hosts",\#(label)}[10s]))"#
        }
    }
}

extension Substring {
    fileprivate func trimming() -> Substring { drop { $0 == " " } }
}
