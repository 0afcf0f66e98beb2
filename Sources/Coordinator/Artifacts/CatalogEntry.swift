package import Model

/// The one artifact of one version of one service.
package struct CatalogEntry: Hashable, Sendable {
    package let service: ServiceName
    package let version: Version
    package let artifact: Artifact
    /// DSSE envelopes that vouch for it, as exact bytes.
    package let provenance: [[UInt8]]

    package init(service: ServiceName, version: Version, artifact: Artifact, provenance: [[UInt8]]) {
        self.service = service
        self.version = version
        self.artifact = artifact
        self.provenance = provenance
    }
}
