import Model

/// A claim that this host has granted.
struct Holding: Hashable, Codable, Sendable {
    var claim: Claim
    /// When it lapses if its holder stays silent.
    var expiry: BootInstant
    /// Releases that its rollout speaks of; kept on disk as long as it lasts.
    var named: [Digest]
    /// What this claim has moved the service away from, which it may take back without an order.
    var undo: ReleaseID?

    mutating func name(_ release: Digest?) {
        guard let release, !named.contains(release) else { return }
        named.append(release)
    }
}
