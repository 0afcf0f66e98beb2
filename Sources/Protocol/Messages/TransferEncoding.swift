package import Model

/// How an artifact's bytes travel; undone by the receiver before the digest is checked.
package enum TransferEncoding: Hashable, Sendable {
    case identity
    /// One zstd frame.
    case zstd
    /// A zstd frame made with `--patch-from` the artifact with this digest.
    case zstdPatch(base: Digest)
}
