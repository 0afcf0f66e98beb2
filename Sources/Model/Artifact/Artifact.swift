/// An immutable file built by CI, named by the SHA-256 of its exact bytes.
package struct Artifact: Hashable, Codable, Sendable {
    package let digest: Digest
    package let size: ByteCount
    package let format: ArtifactFormat

    package init(digest: Digest, size: ByteCount, format: ArtifactFormat) {
        self.digest = digest
        self.size = size
        self.format = format
    }
}
