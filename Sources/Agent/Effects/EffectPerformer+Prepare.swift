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

    /// Promises the room for the unpacked release, or refuses before anything is unpacked.
    ///
    /// Where there is plenty, an estimate will do; where there is not, the artifact is read through to know.
    func reserve(_ id: ReleaseID, _ release: Release) async throws -> EffectResult {
        try await store.removeLeftovers()
        let directory = try OpenFile(path: try await store.releasesDirectory(), flags: O_RDONLY | O_DIRECTORY)
        let estimate = try intake.room(for: release.artifact)
        let free = try DiskSpace.available(at: directory).bytes
        let promised = try host.artifacts.reservations.promised(at: directory).bytes
        let isPlenty = (free - promised - host.limits.minFreeDisk.bytes) / Self.plenty >= estimate.bytes
        let size = isPlenty ? estimate : try await unpackedSize(of: release.artifact)
        try host.artifacts.reservations.reserve(
            size,
            for: store.stagingPath(id),
            keepingFree: host.limits.minFreeDisk,
            at: directory,
            path: host.paths.releases(service)
        )
        return .done
    }

    /// So many times the estimate, and no artifact but a malicious one needs more.
    private static let plenty: Int64 = 4

    private func unpackedSize(of artifact: Artifact) async throws -> ByteCount {
        intake.room(for: try await intake.list(try host.artifacts.open(artifact.digest), format: artifact.format))
    }

    func unpack(_ id: ReleaseID, _ release: Release) async throws -> EffectResult {
        guard let material = await materials.take(id.digest) else {
            throw Failure(.cancelled, "release \(id) was not verified by this agent since it started; prepare it again")
        }
        let (staging, result) = try await stage(id, from: release.artifact)
        Failpoint.pass(.betweenUnpack)
        if let debian = result.debian {
            try debian.judge(try await store.spec(inTree: staging), scripts: release.debianScripts)
        }
        try await store.finishStaging(id, material, manifest: result.manifest.bytes)
        host.artifacts.reservations.release(store.stagingPath(id))
        return .done
    }

    /// Unpacks an artifact that was verified into a new staging tree.
    func stage(_ id: ReleaseID, from artifact: Artifact) async throws -> (tree: String, result: UnpackResult) {
        let staging = try await store.beginStaging(id)
        let result = try await intake.unpack(
            try host.artifacts.open(artifact.digest),
            format: artifact.format,
            into: try OpenFile(path: staging, flags: O_RDONLY | O_DIRECTORY)
        )
        return (staging, result)
    }

    /// Throws away what was unpacked, and the promise of room for it.
    func discardStaging(_ id: ReleaseID) async throws {
        host.artifacts.reservations.release(store.stagingPath(id))
        try await store.discardStaging(id)
    }

    func install(_ id: ReleaseID) async throws -> EffectResult {
        try await store.install(id)
        return .done
    }
}
