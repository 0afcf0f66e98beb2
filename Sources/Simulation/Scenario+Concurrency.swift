import Model
import Rollout

extension Scenario {
    /// The end of a rollout of another service, which the plan waits for.
    struct OtherRollout: Sendable {
        let id: RolloutID
        /// In virtual milliseconds.
        let ends: Int64
        let outcome: Outcome
    }

    /// Another service is changed on a host, by whomever, in virtual milliseconds.
    struct NeighbourChange: Sendable {
        let host: Int
        let span: Range<Int64>
    }

    /// Lets the plan wait for others, by a generator of its own: without them, a seed is the world that it was.
    static func addOthers(to plan: inout Plan, seed: UInt64) -> [OtherRollout] {
        var draw = SeededGenerator(seed: seed &* 131 &+ 5)
        guard plan.kind != .rollback, draw.chance(20) else { return [] }
        let others = (0..<draw.number(1...2)).map { number in
            OtherRollout(
                id: RolloutID(ledger: otherLedger, number: 1000 + number),
                ends: Simulator.start + Int64(draw.number(0...600_000)),
                outcome: draw.chance(70)
                    ? .succeeded : Outcome.allCases[draw.number(0...(Outcome.allCases.count - 1))]
            )
        }
        plan.concurrent = others.map {
            ConcurrentRollout(
                rollout: $0.id,
                service: neighbour,
                environment: plan.environment,
                sharedHosts: plan.hosts.count,
                mustSucceed: draw.chance(50)
            )
        }
        return others
    }

    static func drawNeighbours(_ plan: Plan, seed: UInt64) -> [NeighbourChange] {
        var draw = SeededGenerator(seed: seed &* 137 &+ 11)
        guard draw.chance(25) else { return [] }
        return (0..<draw.number(1...12)).map { _ in
            let from = Simulator.start + Int64(draw.number(0...600_000))
            return NeighbourChange(
                host: draw.number(0...(plan.hosts.count - 1)),
                span: from..<(from + Int64(draw.number(1000...120_000)))
            )
        }
    }

    static let neighbour = ServiceName(validated: "neighbour")
    private static let otherLedger = LedgerID(validated: "00000000-0000-0000-0000-0000000000ff")
}
