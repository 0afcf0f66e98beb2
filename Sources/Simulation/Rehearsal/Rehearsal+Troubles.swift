import Model
import Rollout

extension Rehearsal {
    /// Runs in which nothing goes wrong: enough for a median.
    private static let calmRuns = 15
    private static let stormRuns = 15
    /// Places at which the coordinator dies, spread over all that it hears.
    private static let deaths = 20

    /// Everything that is tried, in the order of the report.
    static func troubles(_ plan: Plan, events: Int) -> [Trouble] {
        let firsts = plan.stages.compactMap(\.hosts.first)
        var troubles = [Trouble](repeating: .nothing, count: calmRuns)
        // A restart brings no release that could be bad.
        if plan.kind != .restart {
            troubles.append(.failsEverywhere)
            troubles += firsts.map { .fails(host: $0) }
            troubles += zip(plan.stages, firsts).map { .fallsIll(host: $1, after: max(1000, $0.bake.milliseconds / 2)) }
            troubles += firsts.map { .getsStuck(host: $0) }
        }
        troubles += firsts.map { .isAway(host: $0) }
        for kind in Strike.Kind.allCases {
            for phase in [ActivationPhase.draining, .switching, .starting, .checking, .awaitingCommit] {
                troubles += firsts.map { .strike(Strike(kind, host: $0, in: phase)) }
            }
        }
        let step = max(1, events / deaths)
        for pause in [TimeSpan.seconds(5), .minutes(10)] {
            troubles += stride(from: 1, to: events, by: step).map { .coordinatorDies(event: $0, pause: pause) }
        }
        for gate in plan.gates ?? [] where !gate.isForPeople {
            troubles += [.gate(gate.name, .fails), .gate(gate.name, .knowsNothing)]
        }
        if plan.traffic != nil { troubles += [Trouble](repeating: .balancers, count: stormRuns) }
        return troubles + [Trouble](repeating: .storm, count: stormRuns)
    }
}
