package import Model

/// What a rollout wants of one host; `prepare` is completed by the coordinator, which holds the bytes.
package enum HostAsk: Hashable, Codable, Sendable {
    case inspectClaim
    case claim(Claim)
    case releaseClaim
    /// Offer the artifact if the host lacks it, then send `HostRequest.prepare` with order, release and provenance.
    case prepare(ReleaseID)
    case migrate(release: Digest)
    case activate(ActivateOrder)
    case commit(release: Digest)
    case revert(release: Digest, reason: String)
    case remove(release: Digest, reason: String)
    case confirm(release: Digest)

    /// Whether it is asked at the end, when no host changes any more.
    var endsRollout: Bool {
        switch self {
        case .confirm, .releaseClaim: true
        case .inspectClaim, .claim, .prepare, .migrate, .activate, .commit, .revert, .remove: false
        }
    }

    /// The request as it travels; nil for `prepare`.
    package var request: HostRequest? {
        switch self {
        case .inspectClaim: .inspectClaim
        case .claim(let claim): .claim(claim)
        case .releaseClaim: .releaseClaim
        case .prepare: nil
        case .migrate(let release): .migrate(release: release)
        case .activate(let order): .activate(order)
        case .commit(let release): .commit(release: release)
        case .revert(let release, let reason): .revert(release: release, reason: reason)
        case .remove(let release, let reason): .remove(release: release, reason: reason)
        case .confirm(let release): .confirm(release: release)
        }
    }
}
