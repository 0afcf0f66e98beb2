/// The order of an earlier rollout by which hosts that were away catch up with it.
package struct StandingOrder: Hashable, Codable, Sendable {
    package let rollout: RolloutID
    /// SHA-256 of the order's exact bytes.
    package let order: Digest

    package init(rollout: RolloutID, order: Digest) {
        self.rollout = rollout
        self.order = order
    }
}
