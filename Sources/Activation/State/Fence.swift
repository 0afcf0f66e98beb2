import Model

/// The highest claim that was ever granted here: nothing before it takes effect again.
struct Fence: Hashable, Codable, Sendable {
    var epoch: Epoch
    /// Nil before the first claim.
    var rollout: RolloutID?

    /// Whether `claim` is new, or this one again.
    func admits(_ claim: Claim) -> Bool { admits(claim.rollout, claim.epoch) }

    func admits(_ other: RolloutID, _ otherEpoch: Epoch) -> Bool {
        guard let rollout else { return otherEpoch > epoch }
        if other == rollout, otherEpoch == epoch { return true }
        return (otherEpoch, other.ledger) > (epoch, rollout.ledger)
    }
}
