import Model

/// A claim that this host has granted.
struct Holding: Hashable, Codable, Sendable {
    var claim: Claim
    /// When it lapses if its holder stays silent.
    private(set) var expiry: BootInstant
    /// Its holder was silent for too long: anybody may take it, and until then it goes on when he speaks.
    var hasLapsed = false
    /// Releases that its rollout speaks of; kept on disk as long as it lasts.
    var named: [Digest]
    /// Why nothing but the way back to the confirmed predecessor is allowed: its ledger's history was not proven.
    var restriction: Failure?
    /// What this claim has moved the service away from, which it may take back without an order.
    var undo: Undo?

    enum Undo: Hashable, Codable, Sendable {
        /// Back to this release.
        case release(ReleaseID)
        /// Nothing of ours ran before; the unit that was adopted then comes back.
        case nothing(adopted: UnitName?)

        var release: ReleaseID? {
            switch self {
            case .release(let release): release
            case .nothing: nil
            }
        }
    }

    mutating func renew(until expiry: BootInstant) {
        self.expiry = expiry
        hasLapsed = false
    }

    mutating func name(_ release: Digest?) {
        guard let release, !named.contains(release) else { return }
        named.append(release)
    }
}
