import Model
import Rollout

extension Scenario {
    /// How a gate is judged.
    enum Judge: CaseIterable, Sendable {
        case passes
        case fails
        case knowsNothing
        /// Says anything, each time.
        case isMoody
        /// Says two things about the same question, one after the other.
        case contradictsItself
        /// Says yes when nobody listens any more.
        case isLate
        case isSilent
    }

    /// Adds gates to some stages, by a generator of its own: without them, a seed is the world that it was.
    static func addGates(to plan: inout Plan, seed: UInt64) -> [GateName: Judge] {
        var draw = SeededGenerator(seed: seed &* 77 &+ 13)
        guard plan.kind == .deploy, draw.chance(40) else { return [:] }
        // Comparisons came later, and leave the worlds without them as they were.
        var comparing = SeededGenerator(seed: seed &* 91 &+ 7)
        var gates: [Gate] = []
        var judges: [GateName: Judge] = [:]
        for stage in plan.stages.indices where draw.chance(60) {
            for _ in 0..<draw.number(1...2) {
                let name = GateName(validated: "g\(gates.count)")
                var gate = drawGate(&draw, name)
                let isLast = stage == plan.stages.indices.last
                if !isLast, !gate.isForPeople, comparing.chance(50) { gate.question = .comparison(comparison) }
                gates.append(gate)
                judges[name] = draw.chance(50) ? .passes : Judge.allCases[draw.number(0...(Judge.allCases.count - 1))]
                plan.stages[stage].gates = (plan.stages[stage].gates ?? []) + [name]
            }
        }
        if !gates.isEmpty { plan.gates = gates }
        return judges
    }

    private static let comparison = ComparisonGate(
        url: "http://prometheus",
        measure: .samples(.init(query: .hosts, range: QueryRange(over: .minutes(1)))),
        significance: .percent(1),
        tolerance: .percent(10)
    )

    private static func drawGate(_ draw: inout SeededGenerator, _ name: GateName) -> Gate {
        Gate(
            name: name,
            question: draw.chance(25) ? .person("does it work?") : .command(["look"]),
            timeout: .seconds(Int64(draw.number(1...20))),
            interval: .seconds(Int64(draw.number(1...60))),
            retries: draw.number(0...3),
            failureLimit: draw.number(0...1),
            onFail: draw.chance(70) ? .rollback : .pause,
            onInconclusive: draw.chance(70) ? .pause : .rollback
        )
    }
}
