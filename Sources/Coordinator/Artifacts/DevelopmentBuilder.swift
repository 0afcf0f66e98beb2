internal import Model
internal import Trust

/// The builder that an operator's own machine is: it vouches for what was packed from a directory there.
package enum DevelopmentBuilder {
    /// As hosts pin it together with the workspace's development key.
    package static let id = "https://fleet.example/development"

    /// Provenance for an artifact that no CI has made, as an envelope's bytes.
    static func vouch(
        for artifact: Artifact,
        named name: String,
        source: SourceTree.State?,
        key: SigningKey,
        at now: WallTime
    ) throws -> [UInt8] {
        let provenance = Provenance(
            artifactName: name,
            artifact: artifact.digest,
            builder: id,
            source: source?.origin,
            sourceTime: source?.committedAt,
            finished: now
        )
        return try provenance.signed(with: key).json()
    }
}
