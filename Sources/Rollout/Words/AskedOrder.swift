package import Model

/// The order that people are asked to approve, as far as a rollout must know it.
package struct AskedOrder: Hashable, Codable, Sendable {
    /// SHA-256 of its exact bytes.
    package let digest: Digest
    /// Approvals count until then; later they would come too late for hosts to start.
    package let approveBy: WallTime
    /// Hosts switch under it until then.
    package let validUntil: WallTime

    package init(digest: Digest, approveBy: WallTime, validUntil: WallTime) {
        self.digest = digest
        self.approveBy = approveBy
        self.validUntil = validUntil
    }
}
