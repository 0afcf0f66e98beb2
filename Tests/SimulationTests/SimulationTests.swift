import Foundation
import Model
import Rollout
import Simulation
import Testing

/// Whole rollouts in generated worlds; `FLEET_SEED=n` replays one with its trace.
struct SimulationTests {
    /// `FLEET_SEEDS` asks for more in a long run.
    private static var seeds: UInt64 {
        ProcessInfo.processInfo.environment["FLEET_SEEDS"].flatMap { UInt64($0) } ?? 1000
    }

    @Test("Every generated rollout keeps the invariants and ends")
    func generated() async {
        let environment = ProcessInfo.processInfo.environment
        if let text = environment["FLEET_SEED"], let seed = UInt64(text) {
            var simulator = Simulator(Scenario(seed: seed), isTracing: true)
            let report = simulator.run()
            print(report.trace.joined(separator: "\n"))
            print("seed=\(seed) \(report.summary?.outcome.rawValue ?? "no end") \(report.violations)")
            #expect(report.violations.isEmpty)
            return
        }
        let outcomes = await withTaskGroup { group in
            for part in 0..<Self.parts {
                group.addTask { Self.outcomes(of: Array((1...Self.seeds).filter { $0 % Self.parts == part })) }
            }
            return await group.reduce(into: [:]) { sum, part in sum.merge(part, uniquingKeysWith: +) }
        }
        // Worlds in which nothing happens would prove nothing.
        for outcome in [Outcome.succeeded, .incomplete, .rolledBack, .aborted, .refused, .failed] {
            #expect(outcomes[outcome, default: 0] > 5, "\(outcome) came out \(outcomes[outcome, default: 0]) times")
        }
    }

    /// Seeds are independent, so each processor may take some.
    private static let parts: UInt64 = 8

    private static func outcomes(of seeds: [UInt64]) -> [Outcome: Int] {
        var outcomes: [Outcome: Int] = [:]
        for seed in seeds {
            var simulator = Simulator(Scenario(seed: seed))
            let report = simulator.run()
            if let outcome = report.summary?.outcome { outcomes[outcome, default: 0] += 1 }
            #expect(report.violations.isEmpty, "seed=\(seed): \(report.violations); replay with make sim SEED=\(seed)")
        }
        return outcomes
    }

    @Test(
        "Hosts that come back are brought to where the others are, by the same rules, and never to what was taken back"
    )
    func returns() async {
        let environment = ProcessInfo.processInfo.environment
        if let text = environment["FLEET_SEED"], let seed = UInt64(text) {
            var simulator = Simulator(Scenario(seed: seed), isTracing: true)
            let report = simulator.runWithReturns()
            print(report.trace.joined(separator: "\n"))
            #expect(report.violations.isEmpty)
            return
        }
        var outcomes: [Outcome: Int] = [:]
        for seed in 1...max(1, Self.seeds / 4) {
            let scenario = Scenario(seed: seed)
            // Two ledgers know nothing of each other: neither can say where hosts should be.
            guard !scenario.hasRival else { continue }
            var simulator = Simulator(scenario)
            let report = simulator.runWithReturns()
            let replay = "replay with make sim SEED=\(seed)"
            #expect(report.violations.isEmpty, "seed=\(seed): \(report.violations); \(replay)")
            if let outcome = report.summary?.outcome { outcomes[outcome, default: 0] += 1 }
        }
        #expect(outcomes[.succeeded, default: 0] > 5 && outcomes[.incomplete, default: 0] > 2, "\(outcomes)")
    }

    @Test("A seed gives the same trace each time", arguments: [3, 77, 512] as [UInt64])
    func reproducible(seed: UInt64) {
        var one = Simulator(Scenario(seed: seed), isTracing: true)
        var other = Simulator(Scenario(seed: seed), isTracing: true)
        #expect(one.run().trace == other.run().trace)
    }
}
