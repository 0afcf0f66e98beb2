internal import Activation
internal import Artifacts
internal import Configuration
internal import Glibc
internal import Model
internal import Trust

extension EffectPerformer {
    private var intake: ReleaseIntake { host.intake }

    /// Digest of the artifact, its provenance and the order's approvals, against what this host itself trusts and demands.
    func verify(_ verification: Verification) async throws -> EffectResult {
        let release = verification.release
        try await BlockingThread.run { [artifacts = host.artifacts] () throws(ArtifactError) in
            try artifacts.verify(release.artifact.digest, size: release.artifact.size)
        }
        let envelopes = verification.material.provenance
        let provenance = try intake.provenance(of: release, from: envelopes, at: host.clock.wall)
        let verdict = try intake.approvals().judge(
            verification.material,
            of: release,
            provenance,
            demand: verification.demand,
            at: host.clock.wall
        )
        let bytes = verification.material.release
        let material = ReleaseMaterial(
            release: release,
            bytes: bytes.isEmpty ? try CanonicalJSON.encode(release) : bytes,
            provenance: envelopes
        )
        await materials.keep(material, for: verification.id.digest)
        return .verified(verdict)
    }

    func reserve(_ release: Release) async throws -> EffectResult {
        try await store.sweep()
        try await store.reserve(try intake.room(for: release.artifact), keepingFree: host.limits.minFreeDisk)
        return .done
    }

    func unpack(_ id: ReleaseID, _ release: Release) async throws -> EffectResult {
        guard let material = await materials.take(id.digest) else {
            throw Failure(.cancelled, "release \(id) was not verified by this agent since it started; prepare it again")
        }
        let staging = try await store.beginStaging(id)
        let result = try await intake.unpack(
            try host.artifacts.open(release.artifact.digest),
            format: release.artifact.format,
            into: try OpenFile(path: staging, flags: O_RDONLY | O_DIRECTORY)
        )
        Failpoint.pass(.betweenUnpack)
        if let debian = result.debian {
            try debian.judge(try await store.spec(inTree: staging), scripts: release.debianScripts)
        }
        try await store.finishStaging(id, material, manifest: result.manifest.bytes)
        return .done
    }

    func install(_ id: ReleaseID) async throws -> EffectResult {
        try await store.install(id)
        return .done
    }
}
