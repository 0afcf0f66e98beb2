package import Model

/// What CI says of one artifact: who built it, from which source, when.
///
/// Written as an in-toto Statement v1 with a SLSA provenance v1 predicate.
package struct Provenance: Hashable, Sendable {
    /// File name that the builder gave the artifact; for people, never compared.
    package var artifactName: String
    /// SHA-256 of the artifact's exact bytes.
    package var artifact: Digest
    /// URI of the CI builder.
    package var builder: String
    /// URI that says how external parameters are to be read.
    package var buildType: String
    package var source: SourceRevision?
    /// When the source revision was committed.
    package var sourceTime: WallTime?
    /// The builder's own name of the run.
    package var invocation: String?
    package var started: WallTime?
    package var finished: WallTime?

    package init(
        artifactName: String,
        artifact: Digest,
        builder: String,
        buildType: String = Provenance.packBuildType,
        source: SourceRevision? = nil,
        sourceTime: WallTime? = nil,
        invocation: String? = nil,
        started: WallTime? = nil,
        finished: WallTime? = nil
    ) {
        self.artifactName = artifactName
        self.artifact = artifact
        self.builder = builder
        self.buildType = buildType
        self.source = source
        self.sourceTime = sourceTime
        self.invocation = invocation
        self.started = started
        self.finished = finished
    }

    /// Build type of what `fleet artifact pack` makes.
    package static let packBuildType = "urn:fleet:artifact-pack:v1"
    /// Media type of an in-toto statement in a DSSE envelope.
    package static let payloadType = Statement.payloadType
    static let predicateType = "https://slsa.dev/provenance/v1"
    /// Written by `cosign attest-blob --type slsaprovenance` and older builders.
    static let olderPredicateType = "https://slsa.dev/provenance/v0.2"
}
