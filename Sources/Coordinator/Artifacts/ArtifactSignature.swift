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

    /// Says something of a file: appends a line to the attestations beside it, or writes a new file; answers its path.
    package static func attest(
        _ path: String,
        _ attestation: Attestation,
        with key: SigningKey,
        to target: String? = nil
    ) async throws -> String {
        let artifact = try await ArtifactPacker.identify(path)
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let line = try attestation.signed(of: artifact.digest, named: name, with: key).json() + [0x0A]
        guard let target else {
            let bundle = path + ProvenanceFiles.bundleSuffix
            try SmallFile.append(line, to: bundle)
            return bundle
        }
        guard try SmallFile.create(target, line, mode: 0o644) else {
            throw CoordinatorError(.fileUnusable, "\(target) exists already and is kept; name another with -o")
        }
        return target
    }

    /// What is said of a file, and holds.
    package struct Verdict: Sendable {
        package let provenance: VerifiedProvenance
        package let attestations: [VerifiedAttestation]
        /// Why other attestations do not count.
        package let remarks: [String]
    }

    /// What trusted builders and attesters say of a file at `now`; without it, nothing has expired.
    ///
    /// `files` hold envelopes; empty takes those beside the artifact.
    package static func verify(
        _ path: String,
        files: [String] = [],
        trust: BuilderTrust,
        attestations: AttestationPolicy = AttestationPolicy(trust: AttesterTrust([]), demands: []),
        at now: WallTime? = nil
    ) async throws -> Verdict {
        let artifact = try await ArtifactPacker.identify(path)
        let files = files.isEmpty ? ProvenanceFiles.beside(path) : files
        let envelopes = try files.flatMap(ProvenanceFiles.read)
        let found = try ProvenancePolicy(trust: trust).verify(
            envelopes: envelopes,
            artifact: artifact.digest,
            at: now
        )
        _ = try attestations.verify(envelopes: envelopes, with: found.provenance, at: now)
        let heard = attestations.trust.hear(envelopes, with: found.provenance, at: now)
        return Verdict(provenance: found, attestations: heard.accepted, remarks: heard.reasons)
    }
}
