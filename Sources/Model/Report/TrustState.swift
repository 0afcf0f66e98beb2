/// Which trust root a host follows.
package struct TrustState: Hashable, Codable, Sendable {
    package let version: Int
    /// SHA-256 of what was signed.
    package let digest: Digest
    /// When the host takes no more releases by it; nil for never.
    package let expires: WallTime?

    package init(version: Int, digest: Digest, expires: WallTime? = nil) {
        self.version = version
        self.digest = digest
        self.expires = expires
    }
}
