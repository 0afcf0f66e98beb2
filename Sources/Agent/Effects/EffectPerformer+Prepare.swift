internal import Activation
internal import Artifacts
internal import Configuration
internal import Glibc
internal import Model
internal import Trust

extension EffectPerformer {
    /// Digest of the artifact and its provenance, against what this host itself trusts.
    func verify(_ verification: Verification) async throws -> EffectResult {
        let release = verification.release
        try await BlockingThread.run { [artifacts = host.artifacts] () throws(ArtifactError) in
            try artifacts.verify(release.artifact.digest)
        }
        do {
            let trust = try BuilderTrust.load(directory: host.paths.builders)
            let policy = ProvenancePolicy(trust: trust)
            let envelopes = verification.material.provenance
            let verified = try policy.verify(envelopes: envelopes, artifact: release.artifact.digest)
            try Self.match(verified.provenance.source, release.source)
        } catch let error as TrustError {
            throw Failure(.provenanceRefused, "\(error)")
        }
        let bytes = verification.material.release
        let material = ReleaseMaterial(
            release: release,
            bytes: bytes.isEmpty ? try CanonicalJSON.encode(release) : bytes,
            provenance: verification.material.provenance
        )
        await materials.keep(material, for: verification.id.digest)
        return .done
    }

    /// The order may leave the source unsaid, but must not say another than the signed one.
    private static func match(_ signed: SourceRevision?, _ ordered: SourceRevision?) throws(Failure) {
        guard let ordered, ordered != signed else { return }
        let found = signed.map { "\($0.repository) at \($0.short)" } ?? "no source"
        throw Failure(
            .provenanceRefused,
            "the order names \(ordered.repository) at \(ordered.short), but the artifact's provenance names \(found)"
        )
    }

    func reserve(_ release: Release) async throws -> EffectResult {
        let factor = Self.unpackFactor(release.artifact.format)
        let needed = ByteCount(release.artifact.size.bytes * factor)
        try await store.reserve(needed, keepingFree: host.limits.minFreeDisk)
        return .done
    }

    /// How much larger than its file a release may be expected to be on disk.
    private static func unpackFactor(_ format: ArtifactFormat) -> Int64 {
        switch format {
        case .tar: 1
        case .tarGzip, .tarZstd, .tarXZ, .debian: 3
        }
    }

    func unpack(_ id: ReleaseID, _ release: Release) async throws -> EffectResult {
        guard let material = await materials.take(id.digest) else {
            throw Failure(.cancelled, "release \(id) was not verified by this agent since it started; prepare it again")
        }
        let staging = try await store.beginStaging(id)
        let result = try await host.tool.unpack(
            try host.artifacts.open(release.artifact.digest),
            format: release.artifact.format,
            into: try OpenFile(path: staging, flags: O_RDONLY | O_DIRECTORY),
            bounds: UnpackBounds(entries: host.limits.maxEntries, bytes: host.limits.maxBytes)
        )
        if let debian = result.debian, debian.needsDpkg, release.debianScripts == .refuse {
            let names = (debian.scripts + debian.systemFiles).joined(separator: ", ")
            let advice = "set 'debian_scripts: ignore' in fleet.yml if the service works without them"
            throw Failure(.artifactRefused, "the package has parts that Fleet would not use (\(names)); \(advice)")
        }
        try await store.finishStaging(id, material, manifest: result.manifest.bytes)
        return .done
    }

    func install(_ id: ReleaseID) async throws -> EffectResult {
        try await store.install(id)
        return .done
    }
}
