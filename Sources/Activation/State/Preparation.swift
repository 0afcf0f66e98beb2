import Model

/// The preparation of one release.
struct Preparation: Hashable, Codable, Sendable {
    enum Step: String, Codable, Sendable {
        case verifying
        case reserving
        case unpacking
        case inspecting
        case installing
    }

    let requester: Requester
    let id: ReleaseID
    let release: Release
    /// Nil for a local apply without one.
    let order: Order?
    /// SHA-256 of the order's exact bytes.
    var orderDigest: Digest?
    let adoption: AdoptionPolicy
    let startedAt: WallTime
    /// Whether the tree was on disk before; a failure must not remove it then.
    let isInstalled: Bool
    var step: Step
    /// Found by verification.
    var verdict: Verdict?
    /// Found by inspection.
    var inspection: Inspection?
    /// The claim under which this host, which was away, catches up with the order.
    var catchUp: Permit.CatchUp?
    /// Why a person on the host breaks a rollout's claim for it.
    var reason: String?
    /// The rollout whose claim is broken.
    var brokenClaim: RolloutID?

    /// Verification comes first, so that nothing of an unverified release reaches the disk.
    var route: [Step] {
        isInstalled ? [.verifying, .inspecting] : [.verifying, .reserving, .unpacking, .inspecting, .installing]
    }
}
