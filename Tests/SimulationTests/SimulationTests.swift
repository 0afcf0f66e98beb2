import Foundation
import Model
import Rollout
import Simulation
import TestSupport
import Testing

/// Whole rollouts in generated worlds; `FLEET_SEED=n` replays one with its trace.
struct SimulationTests {
    private static let seeds = TestSupport.SeededGenerator.count(usual: 2000)

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
        let tally = await withTaskGroup { group in
            for part in 0..<Self.parts {
                group.addTask { Self.outcomes(of: Array((1...Self.seeds).filter { $0 % Self.parts == part })) }
            }
            return await group.reduce(into: Tally()) { $0.add($1) }
        }
        // Worlds in which nothing happens would prove nothing.
        for outcome in [Outcome.succeeded, .incomplete, .rolledBack, .aborted, .refused, .failed] {
            let count = tally.outcomes[outcome, default: 0]
            #expect(count > 5, "\(outcome) came out \(count) times")
        }
        for answer in GateVerdict.Answer.allCases {
            let count = tally.answers[answer, default: 0]
            #expect(count > 5, "gates ended with \(answer) \(count) times")
        }
        #expect(tally.takenBack > 5, "gates took \(tally.takenBack) releases back")
    }

    /// Seeds are independent, so each processor may take some.
    private static let parts: UInt64 = 8

    /// What has happened in many worlds.
    private struct Tally {
        var outcomes: [Outcome: Int] = [:]
        /// What gates have answered last.
        var answers: [GateVerdict.Answer: Int] = [:]
        /// Releases that were taken back because of a gate.
        var takenBack = 0

        mutating func add(_ other: Self) {
            outcomes.merge(other.outcomes, uniquingKeysWith: +)
            answers.merge(other.answers, uniquingKeysWith: +)
            takenBack += other.takenBack
        }

        mutating func add(_ summary: RolloutSummary) {
            outcomes[summary.outcome, default: 0] += 1
            for verdict in (summary.gates ?? []).compactMap(\.verdict) { answers[verdict.answer, default: 0] += 1 }
            if summary.outcome == .rolledBack, summary.headline.contains("gate ") { takenBack += 1 }
        }
    }

    private static func outcomes(of seeds: [UInt64]) -> Tally {
        var tally = Tally()
        for seed in seeds {
            var simulator = Simulator(Scenario(seed: seed))
            let report = simulator.run()
            if let summary = report.summary { tally.add(summary) }
            #expect(report.violations.isEmpty, "seed=\(seed): \(report.violations); replay with make sim SEED=\(seed)")
        }
        return tally
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
