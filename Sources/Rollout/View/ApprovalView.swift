package import Model

/// How far the approval of a rollout has come.
package struct ApprovalView: Hashable, Codable, Sendable {
    /// SHA-256 of the order that is to be approved; nil while it is being written.
    package var order: Digest?
    /// Distinct people who must approve.
    package var needed: Int
    /// Who has.
    package var people: [String]
    /// Whose break-glass key stood for the rest.
    package var brokenBy: String?
    /// Asked anew past this.
    package var until: WallTime?
    /// Whether the rollout stands still for it.
    package var isAwaited: Bool
}
