package import Model

/// What the shell could read in the signed bytes of a `PrepareOrder`; nothing in it is believed before `verify` ended well.
package struct ReadOrder: Hashable, Codable, Sendable {
    package let order: Order
    package let release: Release
    /// SHA-256 of the release's exact bytes.
    package let releaseDigest: Digest

    package init(order: Order, release: Release, releaseDigest: Digest) {
        self.order = order
        self.release = release
        self.releaseDigest = releaseDigest
    }

    package var id: ReleaseID { ReleaseID(version: release.version, digest: releaseDigest) }
}
