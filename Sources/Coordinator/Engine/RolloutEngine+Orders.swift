internal import Model
internal import Rollout
internal import Trust

/// The signed orders that hosts get: written here, or approved by people before.
extension RolloutEngine {
    func writtenOrder(_ epoch: Epoch) async throws -> WrittenOrder {
        guard machine.plan.approvals == 0 else { return try await approvedOrder(epoch) }
        let now = clock.wall
        if let standing = orders.standing { return try standingOrder(standing, epoch, at: now) }
        if let order, order.epoch == epoch, now < order.at + WrittenOrder.lifetime { return order }
        let plan = machine.plan
        let written = try orders.order(plan, rollout: machine.id, epoch: epoch, requester: machine.requester, at: now)
        let new = try orders.material(written.bytes, plan, approvals: [], epoch: epoch, at: now)
        order = new
        return new
    }

    /// What was approved for an earlier rollout, for hosts that were away then.
    private func standingOrder(
        _ standing: OrderWriter.Standing,
        _ epoch: Epoch,
        at now: WallTime
    ) throws(Failure) -> WrittenOrder {
        if let order, order.epoch == epoch { return order }
        let (bytes, approvals) = (standing.order, standing.approvals)
        let plan = machine.plan
        let new = try orders.material(bytes, plan, approvals: approvals, epoch: epoch, isCatchUp: true, at: now)
        order = new
        return new
    }

    /// Writes the order that people are asked about; its bytes are kept before anybody hears of it.
    func askApproval(_ epoch: Epoch) async throws {
        let plan = machine.plan
        let now = clock.wall
        let written = try orders.order(plan, rollout: machine.id, epoch: epoch, requester: machine.requester, at: now)
        let digest = try await ledger.keep(order: written.bytes, of: machine.id, at: now)
        let asked = AskedOrder(
            digest: digest,
            approveBy: now + (plan.limits.approveWithin ?? .zero),
            validUntil: written.order.validUntil
        )
        await mailbox.post(.event(.asked(asked), by: "fleet"))
    }

    /// Exactly the bytes that people have approved, with their signatures.
    private func approvedOrder(_ epoch: Epoch) async throws -> WrittenOrder {
        guard let digest = machine.grantedOrder else {
            throw Failure(.orderRefused, "nobody has approved an order that this host could get")
        }
        let now = clock.wall
        if let order, order.digest == digest, order.prepare.isCatchUp || order.startBy.map({ now <= $0 }) ?? true {
            return order
        }
        guard let bytes = try await ledger.order(digest, of: machine.id) else {
            throw Failure(.internalError, "order \(digest.short) is not in the ledger; abort, and roll out anew")
        }
        let signatures = try await ledger.approvals(of: digest, rollout: machine.id).map(\.signature)
        let startBy = try CanonicalJSON.decode(Order.self, from: bytes).startBy
        // A host that comes so late was away: hosts that were not have accepted it before.
        let isLate = now > startBy
        let plan = machine.plan
        var new = try orders.material(bytes, plan, approvals: signatures, epoch: epoch, isCatchUp: isLate, at: now)
        new.digest = digest
        new.startBy = startBy
        order = new
        return new
    }
}
