package import Model

/// A release that is applied from the host itself.
package struct LocalRelease: Hashable, Codable, Sendable {
    package let release: Release
    package let digest: Digest
    /// Signed bytes where there are some; its order is empty where none was brought.
    package let material: PrepareOrder
    /// What stands in the order's bytes; nothing in it is believed before `verify` ended well.
    package let order: Order?
    /// SHA-256 of those bytes.
    package let orderDigest: Digest?
    /// Why the claim of the rollout that holds the service is broken, which takes an order.
    package let breakingClaim: String?

    package init(
        release: Release,
        digest: Digest,
        material: PrepareOrder,
        order: Order? = nil,
        orderDigest: Digest? = nil,
        breakingClaim: String? = nil
    ) {
        self.release = release
        self.digest = digest
        self.material = material
        self.order = order
        self.orderDigest = orderDigest
        self.breakingClaim = breakingClaim
    }

    package var id: ReleaseID { ReleaseID(version: release.version, digest: digest) }

    /// The order with what it is about, where one was brought.
    var read: ReadOrder? {
        order.map { ReadOrder(order: $0, release: release, releaseDigest: digest, orderDigest: orderDigest) }
    }
}
