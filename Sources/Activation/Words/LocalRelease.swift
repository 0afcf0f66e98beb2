package import Model

/// A release that is applied from the host itself.
package struct LocalRelease: Hashable, Codable, Sendable {
    package let release: Release
    package let digest: Digest
    /// Signed bytes where there are some; its order stays empty.
    package let material: PrepareOrder

    package init(release: Release, digest: Digest, material: PrepareOrder) {
        self.release = release
        self.digest = digest
        self.material = material
    }

    package var id: ReleaseID { ReleaseID(version: release.version, digest: digest) }
}
