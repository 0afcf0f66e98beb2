internal import Model
internal import Rollout
internal import Trust

/// A rollout whose release hosts may still be brought to that were away while it ran, by the order approved for it.
struct CatchUp: Sendable {
    let rollout: StoredRollout
    let order: Order
    let standing: StandingOrder

    /// Looks whether the rollout stands for its release, with nothing after it.
    ///
    /// Hosts see to the rest: they take an order late only if they have accepted neither it nor a newer one.
    ///
    /// - Throws: `CoordinatorError` that says why not, and what to do instead.
    static func find(_ number: Int, in ledger: Ledger, at now: WallTime) async throws -> Self {
        guard let rollout = try await ledger.rollout(number) else {
            throw CoordinatorError(.rolloutUnknown, "there is no R\(number) in the ledger; 'fleet history' lists them")
        }
        let (label, plan) = (rollout.id.label, rollout.plan)
        let place = "\(plan.service) --env \(plan.environment)"
        func refusal(_ why: String) -> CoordinatorError { CoordinatorError(.approval, "\(label) \(why)") }
        if let earlier = plan.catchUp?.rollout.label {
            throw refusal("caught up with \(earlier) itself: 'fleet catch-up \(earlier)'")
        }
        guard let outcome = rollout.summary?.outcome, rollout.isFinished else {
            throw refusal("has not ended: hosts that come back join it by themselves; see 'fleet why \(label)'")
        }
        guard outcome == .incomplete || outcome == .succeeded else {
            throw refusal("ended \(outcome.words): only a release that stays is caught up with")
        }
        let state = try await ledger.state(of: rollout)
        guard let digest = RolloutMachine(id: rollout.id, plan: plan, state: state).standingOrder else {
            throw refusal("needed nobody's approval: 'fleet catch-up' without its name does it")
        }
        if let later = try await ledger.successor(of: rollout) {
            throw refusal("is not the last word: \(later.id.label) to \(later.plan.target) came after it")
        }
        guard let bytes = try await ledger.order(digest, of: rollout.id) else {
            throw CoordinatorError(
                .rolloutUnknown,
                "order \(digest.short) of \(label) is not in the ledger; roll out anew"
            )
        }
        let order = try CanonicalJSON.decode(Order.self, from: bytes)
        guard now <= order.catchUpUntil else {
            throw refusal("could be caught up with until \(order.catchUpUntil): 'fleet rollout \(place)' asks anew")
        }
        return Self(rollout: rollout, order: order, standing: StandingOrder(rollout: rollout.id, order: digest))
    }
}

extension Ledger {
    /// The bytes and signatures of an order that was approved for an earlier rollout.
    func standing(_ catchUp: StandingOrder) throws -> OrderWriter.Standing {
        guard let order = try order(catchUp.order, of: catchUp.rollout) else {
            throw CoordinatorError(
                .rolloutUnknown,
                "order \(catchUp.order.short) of \(catchUp.rollout.label) is not in the ledger; abort, and roll out anew"
            )
        }
        let approvals = try approvals(of: catchUp.order, rollout: catchUp.rollout)
        return OrderWriter.Standing(order: order, approvals: approvals.map(\.signature))
    }

    /// The first rollout of the same place that came after `rollout` and was for more than catching up with it.
    fileprivate func successor(of rollout: StoredRollout) throws -> StoredRollout? {
        try rollouts(after: rollout).first { later in
            let isCatchUp = later.plan.catchUp?.rollout == rollout.id
            let isForReturned = later.plan.returned != nil && later.plan.target == rollout.plan.target
            guard !isCatchUp, !isForReturned, later.plan.kind != .restart else { return false }
            // What was refused or taken back has left the release where it was.
            return later.summary?.outcome != .refused && later.summary?.outcome != .rolledBack
        }
    }
}
