import Model

/// An order that this host has verified and accepted: leave to activate one release under one claim.
struct Permit: Hashable, Codable, Sendable {
    let order: Order
    let release: ReleaseID
    /// SHA-256 of the order's exact bytes.
    var digest: Digest?

    func covers(_ digest: Digest, under claim: Claim?) -> Bool {
        release.digest == digest && order.rollout == claim?.rollout && order.epoch == claim?.epoch
    }
}
