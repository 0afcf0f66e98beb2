import Model

/// The newest order that counts here: none of an earlier rollout is taken any more, and itself only once.
struct OrderMark: Hashable, Codable, Sendable {
    let rollout: RolloutID
    let epoch: Epoch
    /// What the order that was accepted brings; nil where a rollback has voided all orders before it.
    var release: Digest?
    /// A change under the order has begun here.
    var isSpent = false

    /// Whether `order` is of a later rollout: by its number within one ledger, else as claims are ranked.
    func precedes(_ order: Order) -> Bool {
        guard rollout.ledger == order.rollout.ledger else {
            return (epoch, rollout.ledger) < (order.epoch, order.rollout.ledger)
        }
        return (rollout.number, epoch) < (order.rollout.number, order.epoch)
    }

    func isOf(_ order: Order) -> Bool { rollout == order.rollout && epoch == order.epoch }
}
