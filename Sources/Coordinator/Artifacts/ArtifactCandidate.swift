package import Model

/// An artifact on its way into the catalog: its bytes are in the coordinator's store.
package struct ArtifactCandidate: Hashable, Codable, Sendable {
    package let artifact: Artifact
    /// What it calls itself.
    package let version: Version
    /// What its provenance calls it.
    package let name: String
    /// DSSE envelopes that speak of it, as exact bytes.
    package var provenance: [[UInt8]]
    /// Where the tree stands that it was packed from; nil for one that was not packed here.
    package let tree: SourceTree.State?
}
