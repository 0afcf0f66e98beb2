package import Model

/// An artifact that a peer wants to send on a bulk stream.
package struct ArtifactOffer: Hashable, Sendable {
    /// SHA-256 of the artifact's own bytes.
    package var digest: Digest
    /// Bytes of the artifact itself, before the encoding.
    package var size: ByteCount
    package var encoding: TransferEncoding

    package init(digest: Digest, size: ByteCount, encoding: TransferEncoding) {
        self.digest = digest
        self.size = size
        self.encoding = encoding
    }
}
