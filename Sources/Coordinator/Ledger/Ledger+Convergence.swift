internal import Model
internal import Rollout
internal import Trust

extension Ledger {
    /// Where the hosts of an environment should be, by the rollouts that have ended there.
    func convergence(_ environment: Environment, at now: WallTime) throws -> Convergence {
        let ended = try endedRollouts(environment.service, environment.name, limit: Self.mostPast)
        let past = ended.compactMap { rollout -> PastRollout? in
            guard let summary = rollout.summary, let endedAt = rollout.endedAt else { return nil }
            return PastRollout(id: rollout.id, plan: rollout.plan, summary: summary, endedAt: endedAt)
        }
        // Only the orders that brought the goal count, so no other is read.
        let goal = Convergence(past, approvals: environment.approvals, at: now).goal
        let complete = try zip(ended, past).map { stored, rollout in
            var rollout = rollout
            if stored.plan.approvals > 0, stored.plan.target == goal { rollout.order = try standingOrder(of: stored) }
            return rollout
        }
        return Convergence(complete, approvals: environment.approvals, at: now)
    }

    /// What happened longer ago decides nothing about any host.
    private static let mostPast = 500

    /// The order that was approved for a rollout and stands for hosts that were away.
    func standingOrder(of rollout: StoredRollout) throws -> Order? {
        let machine = RolloutMachine(id: rollout.id, plan: rollout.plan, state: try state(of: rollout))
        guard let digest = machine.standingOrder, let bytes = try order(digest, of: rollout.id) else { return nil }
        return try CanonicalJSON.decode(Order.self, from: bytes)
    }
}
