internal import Model

/// What a release was ordered with, to be kept beside its tree.
struct ReleaseMaterial: Hashable, Sendable {
    let release: Release
    /// Canonical JSON of `release`.
    let bytes: [UInt8]
    let provenance: [[UInt8]]
}
