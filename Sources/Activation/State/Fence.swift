import Model

/// The highest claim that was ever granted here: nothing before it takes effect again.
struct Fence: Hashable, Codable, Sendable {
    var epoch: Epoch
    /// Nil before the first claim.
    var rollout: RolloutID?

    /// Whether `claim` is new, or this one again.
    func admits(_ claim: Claim) -> Bool {
        guard let rollout else { return claim.epoch > epoch }
        if claim.rollout == rollout, claim.epoch == epoch { return true }
        return (claim.epoch, claim.rollout.ledger) > (epoch, rollout.ledger)
    }
}
