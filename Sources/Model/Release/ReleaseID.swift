/// A release by its digest, with the version that people know it by.
package struct ReleaseID: Hashable, Codable, Sendable, CustomStringConvertible {
    package let version: Version
    /// Digest of the release, not of its artifact: a change of configuration alone is another release.
    package let digest: Digest

    package init(version: Version, digest: Digest) {
        self.version = version
        self.digest = digest
    }

    /// `<version>-<digest12>`: the name of its directory on a host, and how it is shown.
    package var description: String { "\(version)-\(digest.short)" }
}
