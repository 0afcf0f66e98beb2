package import Model

/// An artifact that is in the store, known to the ledger, and vouched for.
package struct ResolvedArtifact: Sendable {
    package let entry: CatalogEntry
    /// What its `service.yml` says.
    package let spec: ServiceSpec
    /// From its provenance.
    package let source: SourceRevision?
}
