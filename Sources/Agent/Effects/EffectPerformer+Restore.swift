internal import Activation
internal import Artifacts
internal import Model

extension EffectPerformer {
    /// Unpacks each release that is not whole again, from the artifact that was verified when it came.
    ///
    /// The artifact's digest stands in the release's text, and the text's in its name, so that nothing else has to be believed.
    func restore(_ restorations: [Restoration]) async throws -> EffectResult {
        for restoration in restorations where await !store.isWhole(restoration) { try await restore(restoration) }
        return .done
    }

    private func restore(_ restoration: Restoration) async throws {
        let id = restoration.release
        let material = try await store.material(of: id)
        let artifact = material.release.artifact
        try await BlockingThread.run { [artifacts = host.artifacts] () throws(ArtifactError) in
            try artifacts.verify(artifact.digest, size: artifact.size)
        }
        _ = try await reserve(id, material.release)
        defer { host.artifacts.reservations.release(store.stagingPath(id)) }
        let result = try await stage(id, from: artifact).result
        guard restoration.manifest ?? result.manifest.digest == result.manifest.digest else {
            try await store.discardStaging(id)
            throw Failure(
                .artifactDigest,
                "the artifact of \(id) unpacks to another tree than it did before; roll it out again"
            )
        }
        try await store.finishStaging(id, material, manifest: result.manifest.bytes)
        try await store.replace(id)
    }
}
