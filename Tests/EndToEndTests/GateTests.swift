import Foundation
import Model
import Testing

extension EndToEnd {
    /// What a stage must pass once it has baked, asked of a real Prometheus and of people.
    @Suite struct GateTests {
        @Test(
            "A release that is healthy by its checks and bad by its metrics is taken back by its gate: exit code 4, and why names gate and numbers"
        )
        func prometheus() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try await fleet.begin(with: "41.0", file(gates: Self.errors))
                let metrics = try await Prometheus(fleet)
                let traffic = try await Traffic(fleet, floor: 0)

                // The same gate lets a release through that is what it says.
                let good = try await fleet.build("41.1")
                let passed = try await fleet.rollOut(good, code: .succeeded)
                #expect(
                    passed.output.contains("gate errors of stage canary passed: 0, expected at most 0.01"),
                    "\(passed)"
                )

                let bad = try await fleet.build("41.2", fault: "errors")
                let end = try await fleet.rollOut(bad, code: .rolledBack)
                _ = try await traffic.stop()
                try await metrics.stop()
                #expect(end.output.contains("gate errors of stage canary failed: 0."), "\(end)")
                #expect(end.output.contains(", expected at most 0.01"), "\(end)")
                try await fleet.expect(1...5, run: "41.1")
                for host in 2...5 {
                    // No further host ever ran it.
                    #expect(try await fleet.service(host).operation?.target.version.text != "41.2")
                }
                let why = try await fleet.fleet("why", code: .succeeded)
                #expect(why.output.contains("gate errors of stage canary failed: 0."), "\(why)")
                #expect(why.output.contains(#"host=~"h1""#), "\(why)")
                // A gate quarantines nothing: its numbers may have other reasons.
                let status = try await fleet.fleet("status", code: .succeeded)
                #expect(!status.output.contains("41.2 is quarantined"), "\(status)")
            }
        }

        @Test(
            "A release whose hosts raise an alert is taken back; without one, and alerts known to arrive, it passes: 0 and 4"
        )
        func alertmanager() async throws {
            try await FleetPool.shared.lend(hosts: 3) { fleet in
                let gate = """
                    errors: {alertmanager: "http://127.0.0.1:\(Alertmanager.port)", interval: 1s, retries: 60, \
                    match: ['service="$service"', 'host=~"$hosts"'], watchdog: ['alertname="Watchdog"']}
                    """
                try await fleet.begin(with: "41.7", file(gates: gate, bake: "8s"))
                let alerts = try await Alertmanager(fleet)
                let metrics = try await Prometheus(fleet, alerts: true)
                let traffic = try await Traffic(fleet, floor: 0)

                let passed = try await fleet.rollOut(try await fleet.build("41.8"), code: .succeeded)
                #expect(passed.output.contains("gate errors of stage canary passed: no alert fires"), "\(passed)")

                let bad = try await fleet.build("41.9", fault: "errors")
                let end = try await fleet.rollOut(bad, code: .rolledBack)
                _ = try await traffic.stop()
                try await metrics.stop()
                try await alerts.stop()
                let words = #"gate errors of stage canary failed: alert RequestsFail {host="h1", service="hello"}"#
                #expect(end.output.contains(words), "\(end)")
                try await fleet.expect(1...3, run: "41.8")
            }
        }

        @Test("Without its monitoring a release goes no further: exit code 5")
        func noMonitoring() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                let gate = Self.errors.replacing("retries: 60", with: "retries: 1")
                try await fleet.begin(with: "41.3", file(gates: gate))
                let next = try await fleet.build("41.4")
                let end = try await fleet.rollOut(next, code: .paused)
                #expect(end.output.contains("gate errors of stage canary was inconclusive"), "\(end)")
                try await stay(2...5, on: "41.3", fleet)
                try await fleet.fleet("abort", "--rollback", code: .rolledBack)
                try await fleet.expect(1...5, run: "41.3")
            }
        }

        @Test("A stage waits until a person promotes it; who, and why, is shown: exit code 0")
        func promotion() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try await fleet.begin(with: "41.5", file(gates: #"errors: {person: "do the graphs look alike?"}"#))
                let next = try await fleet.build("41.6")
                let rollout = try fleet.startFleet(next.rollout)
                try await fleet.waits(for: "waits at gate errors for `fleet promote`", from: rollout)
                try await stay(2...5, on: "41.5", fleet)
                let waiting = try await fleet.fleet("why", code: .succeeded)
                #expect(waiting.output.contains("do the graphs look alike?"), "\(waiting)")

                let promoted = try await fleet.fleet("promote", "--reason", "they do", code: .succeeded)
                #expect(promoted.output.contains("promoted by tester@"), "\(promoted)")
                let end = try await rollout.end()
                try #require(end.code == ExitCode.succeeded.rawValue, "\(end)")
                try await fleet.expect(1...5, run: "41.6")
                let why = try await fleet.fleet("why", code: .succeeded)
                #expect(why.output.contains("gate errors of stage canary passed: promoted by tester@"), "\(why)")
                #expect(why.output.contains(": they do"), "\(why)")
                let again = try await fleet.fleet("promote")
                try #require(again.code == ExitCode.usage.rawValue, "\(again)")
            }
        }

        /// Hosts whose turn has not come, while the rollout holds them.
        private func stay(_ hosts: ClosedRange<Int>, on version: String, _ fleet: Fleet) async throws {
            for host in hosts {
                let report = try await fleet.service(host)
                try #require(report.current?.id.version.text == version, "h\(host): \(report)")
            }
        }

        private func file(gates: String, bake: String = "2s") -> FleetFile {
            FleetFile(
                floor: "1",
                stages: ["canary: 1, bake: \(bake), gates: [errors]", "rest: true, window: 4"],
                settings: ["gates:", "  \(gates)"]
            )
        }

        private static let errors = """
            errors: {prometheus: "http://127.0.0.1:\(Prometheus.port)", interval: 1s, retries: 60, max: 0.01, \
            query: 'sum(rate(hello_requests_total{host=~"$hosts",code="500"}[5s])) / \
            sum(rate(hello_requests_total{host=~"$hosts"}[5s]))', \
            requests: 'sum(increase(hello_requests_total{host=~"$hosts"}[5s]))', min_requests: 20}
            """
    }
}
