package import Model
package import Trust

/// Signs artifacts and verifies what was signed, without any workspace: for CI, and for people who check it.
package enum ArtifactSignature {
    /// Writes provenance for a file beside it; answers its path.
    ///
    /// `describe` says who built it from what; it gets the file's name and digest.
    package static func sign(
        _ path: String,
        with key: SigningKey,
        to target: String? = nil,
        describe: @Sendable (_ name: String, _ artifact: Digest) -> Provenance
    ) async throws -> String {
        let artifact = try await ArtifactPacker.identify(path)
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let envelope = try describe(name, artifact.digest).signed(with: key).json()
        let target = target ?? path + ProvenanceFiles.suffixes[0]
        guard try SmallFile.create(target, envelope + [0x0A], mode: 0o644) else {
            throw CoordinatorError(
                .fileUnusable,
                "\(target) exists already and is kept; move it away, or name another with -o"
            )
        }
        return target
    }

    /// What trusted builders say of a file.
    ///
    /// `provenance` are files with envelopes; empty takes those beside the artifact.
    package static func verify(
        _ path: String,
        provenance: [String] = [],
        trust: BuilderTrust
    ) async throws -> VerifiedProvenance {
        let artifact = try await ArtifactPacker.identify(path)
        let files = provenance.isEmpty ? ProvenanceFiles.beside(path) : provenance
        let envelopes = try files.flatMap(ProvenanceFiles.read)
        return try ProvenancePolicy(trust: trust).verify(envelopes: envelopes, artifact: artifact.digest)
    }
}
