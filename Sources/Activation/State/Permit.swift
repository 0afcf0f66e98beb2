import Model

/// An order that this host has verified and accepted: leave to activate one release under one claim.
struct Permit: Hashable, Codable, Sendable {
    let order: Order
    let release: ReleaseID
    /// SHA-256 of the order's exact bytes.
    var digest: Digest?
    /// The claim under which a host that was away catches up with the order; nil for the order's own, in time.
    var catchUp: CatchUp?

    struct CatchUp: Hashable, Codable, Sendable {
        let rollout: RolloutID
        let epoch: Epoch
    }

    func covers(_ digest: Digest, under claim: Claim?) -> Bool {
        guard release.digest == digest else { return false }
        return (catchUp?.rollout ?? order.rollout) == claim?.rollout && (catchUp?.epoch ?? order.epoch) == claim?.epoch
    }

    /// Last moment to switch under it.
    var until: WallTime { catchUp == nil ? order.validUntil : order.catchUpUntil }
}
