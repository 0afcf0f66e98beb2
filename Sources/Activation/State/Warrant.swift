import Model

/// By what leave a person on the host changes a service.
struct Warrant: Hashable, Sendable {
    /// Why, in their words and those of the order.
    var reason: String?
    /// The rollout from which they take the service.
    var brokenClaim: RolloutID?
    /// SHA-256 of the order's exact bytes; nil where none was needed.
    var order: Digest?
    /// Whose key stands for approvals that the order lacks.
    var breakGlass: BreakGlass?
    /// Last moment to switch; nil where there is none.
    var validUntil: WallTime?
}
