package import Model
import Rollout

/// A plan that is carried out in virtual time, again and again, with something else going wrong in each run.
///
/// Real decisions of coordinator and agents on the user's own hosts, stages, floor and gates; the simulation's oracles hold
/// each step against the invariants. The same plan gives the same runs everywhere.
package struct Rehearsal: Sendable {
    private let plan: Plan
    private let spec: ServiceSpec?
    /// What a host takes from the word to switch until its commit; nil where nobody knows.
    private let pace: TimeSpan?
    private let troubles: [Trouble]
    /// Events that coordinator and agents decide about where nothing goes wrong.
    package let events: Int

    package init(_ plan: Plan, of spec: ServiceSpec?, pace: TimeSpan?) {
        self.plan = plan
        self.spec = spec
        self.pace = pace
        var calm = Simulator(Self.world(plan, spec, pace, seed: 0))
        let report = calm.run()
        troubles = Self.troubles(plan, events: report.heard)
        events = report.events
    }

    package var count: Int { troubles.count }

    /// All runs, in their order, on as many processors as there are.
    package func runs() async -> [RehearsalRun] {
        await withTaskGroup(of: RehearsalRun.self) { group in
            for number in 0..<count { group.addTask { run(number) } }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.number < $1.number }
        }
    }

    /// How run `number` goes, the first being 0; with what happens in it, line by line, if it is traced.
    package func run(_ number: Int, isTracing: Bool = false) -> RehearsalRun {
        let trouble = troubles[number]
        let scenario = Self.world(plan, spec, pace, seed: UInt64(number)).with(trouble)
        var simulator = Simulator(scenario, crash: trouble.crash, isTracing: isTracing)
        return RehearsalRun(number, trouble.name(in: plan), simulator.run(), of: plan)
    }

    private static func world(_ plan: Plan, _ spec: ServiceSpec?, _ pace: TimeSpan?, seed: UInt64) -> Scenario {
        Scenario(rehearsing: plan, of: spec, startup: startup(pace, spec), seed: seed)
    }

    /// Milliseconds for the start of a unit, such that a host takes about as long as hosts did.
    private static func startup(_ pace: TimeSpan?, _ spec: ServiceSpec?) -> ClosedRange<Int> {
        guard let pace else { return Scenario.Tempo().startup }
        let healthy = Scenario.Service(spec, behind: nil).spec.healthyFor
        let span = max(50, Int((pace - healthy).milliseconds))
        return span * 3 / 4...span * 5 / 4
    }
}

extension Trouble {
    fileprivate var crash: CoordinatorCrash? {
        guard case .coordinatorDies(let event, let pause) = self else { return nil }
        return CoordinatorCrash(event: event, work: .half, pause: pause)
    }
}
