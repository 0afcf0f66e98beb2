import Model
import Rollout
import Simulation
import TestSupport
import Testing

/// Coordinators that crash at every single event of a rollout, having done nothing, half or all of what it decided.
struct CoordinatorCrashTortureTests {
    /// A rollout without a crash.
    private struct Original: Sendable {
        let seed: UInt64
        let scenario: Scenario
        let report: SimulationReport
    }

    /// The same with a crash at one place.
    private struct Point: Sendable, CustomStringConvertible {
        let original: Original
        let crash: CoordinatorCrash
        var description: String { "seed=\(original.seed) \(crash)" }
    }

    /// What came of it.
    private struct Result: Sendable {
        let point: Point
        let report: SimulationReport
        var isOther: Bool { report.summary?.outcome != point.original.report.summary?.outcome }
    }

    /// As long as starting it anew takes a person who is there.
    private static let short = TimeSpan.seconds(2)
    /// Much longer than hosts wait for a commit.
    private static let long = TimeSpan.minutes(10)

    @Test("Where nothing else goes wrong, it ends as it would have, and no host does anything twice")
    func faultless() async {
        let results = await Self.run("faultless", seeds: 40, pauses: [Self.short]) { Scenario(seed: $0).faultless() }
        for result in results {
            let summary = String(describing: result.report.summary)
            #expect(!result.isOther, "\(result.point): \(summary)")
            #expect(result.report.steps == result.point.original.report.steps, "\(result.point): \(summary)")
        }
    }

    @Test("With bad releases, hosts that are off, and a coordinator that stays away, every end is an honest one")
    func honest() async {
        let results = await Self.run("calm", seeds: 20, pauses: [Self.short, Self.long]) { Scenario(seed: $0).calm() }
        // Where every crash made no difference, the long absences would prove nothing.
        let others = results.count { $0.isOther }
        #expect(others > 0)
    }

    @Test("In the worst of worlds, too, no crash breaks an invariant")
    func storm() async {
        _ = await Self.run("storm", seeds: 20, pauses: [Self.short]) { Scenario(seed: $0) }
    }

    /// Tries every event of every rollout, or a sample of them; no invariant may break, and each must end.
    private static func run(
        _ name: String,
        seeds: UInt64,
        pauses: [TimeSpan],
        _ scenario: @Sendable (UInt64) -> Scenario
    ) async -> [Result] {
        let originals = (1...seeds).map { seed in
            let scenario = scenario(seed)
            var simulator = Simulator(scenario)
            return Original(seed: seed, scenario: scenario, report: simulator.run())
        }
        for original in originals {
            #expect(original.report.violations.isEmpty, "seed=\(original.seed): \(original.report.violations)")
        }
        let all = originals.flatMap { original in pauses.flatMap { Self.points(original, after: $0) } }
        let results = await Self.run(Torture.points(all, sample: 400))
        for result in results {
            #expect(result.report.violations.isEmpty, "\(result.point): \(result.report.violations)")
            #expect(result.report.summary != nil, "\(result.point) has no end")
        }
        let failures = results.count { !$0.report.violations.isEmpty }
        print("torture: coordinator crashes, \(name): \(results.count) of \(all.count) points, \(failures) failures")
        return results
    }

    /// Every event of a rollout, and of what was decided nothing, half or all done.
    private static func points(_ original: Original, after pause: TimeSpan) -> [Point] {
        // One that hears its hosts for hours is no other at its thousandth event.
        (0..<min(original.report.heard, 400)).flatMap { event in
            CoordinatorCrash.Work.allCases.map { work in
                Point(original: original, crash: CoordinatorCrash(event: event, work: work, pause: pause))
            }
        }
    }

    /// Points are independent, so each processor may take some.
    private static func run(_ points: [Point]) async -> [Result] {
        let parts = 8
        return await withTaskGroup { group in
            for part in 0..<parts {
                group.addTask {
                    stride(from: part, to: points.count, by: parts).map { place in
                        var simulator = Simulator(points[place].original.scenario, crash: points[place].crash)
                        return Result(point: points[place], report: simulator.run())
                    }
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
    }
}
