import Model
import Rollout

extension Scenario {
    /// What a host has run so far.
    struct Start: Sendable {
        /// Nil before its first deployment.
        let current: ReleaseID?
        let previous: ReleaseID?
        /// Whether the rollout of `current` succeeded.
        let isConfirmed: Bool
    }

    /// A fleet that runs one release, or, now and then, what unfinished rollouts have left of it.
    static func drawStarts(_ draw: inout SeededGenerator, _ plan: Plan) -> [Start] {
        let isMixed = draw.chance(20)
        return plan.hosts.map { _ in
            let isOdd = isMixed && draw.chance(30)
            switch plan.kind {
            case .deploy:
                return isOdd ? drawOdd(&draw) : Start(current: plan.previous, previous: nil, isConfirmed: true)
            case .rollback:
                let current = isOdd && draw.chance(50) ? target : plan.previous
                return Start(current: current, previous: isOdd ? nil : target, isConfirmed: draw.chance(50))
            case .restart, .remove:
                return Start(current: isOdd ? release("0", "0") : target, previous: nil, isConfirmed: true)
            }
        }
    }

    private static func drawOdd(_ draw: inout SeededGenerator) -> Start {
        switch draw.number(0...2) {
        case 0: Start(current: nil, previous: nil, isConfirmed: false)
        case 1: Start(current: target, previous: release("1", "a"), isConfirmed: draw.chance(50))
        case _: Start(current: release("0", "0"), previous: nil, isConfirmed: draw.chance(50))
        }
    }
}
