package import Model

/// A release whose tree shall be again what was unpacked.
package struct Restoration: Hashable, Codable, Sendable {
    package let release: ReleaseID
    /// Digest of the tree's manifest as it was unpacked; nil when a lost journal forgot it.
    package let manifest: Digest?

    package init(release: ReleaseID, manifest: Digest?) {
        self.release = release
        self.manifest = manifest
    }
}
