package import Model

/// What the shell could read in the signed bytes of a `PrepareOrder`; nothing in it is believed before `verify` ended well.
package struct ReadOrder: Hashable, Codable, Sendable {
    package let order: Order
    package let release: Release
    /// SHA-256 of the release's exact bytes.
    package let releaseDigest: Digest
    /// SHA-256 of the order's exact bytes; nil from who does not keep receipts.
    package let orderDigest: Digest?

    package init(order: Order, release: Release, releaseDigest: Digest, orderDigest: Digest? = nil) {
        self.order = order
        self.release = release
        self.releaseDigest = releaseDigest
        self.orderDigest = orderDigest
    }

    package var id: ReleaseID { ReleaseID(version: release.version, digest: releaseDigest) }
}
