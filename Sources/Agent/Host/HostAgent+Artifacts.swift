internal import Artifacts
internal import Logging
internal import Model

extension HostAgent {
    /// How long an artifact that no release needs stays: its coordinator sends it before it orders anything with it.
    private static let artifactGrace = TimeSpan.hours(1)

    /// Keeps the content store to what the releases of this host need, from now on until the task is cancelled.
    func keepStoreSmall() async throws {
        while true {
            await removeSpareArtifacts()
            try await Task.sleep(for: Self.artifactGrace.duration)
        }
    }

    /// Removes what no release needs and nobody has asked for lately.
    func removeSpareArtifacts() async {
        var needed: Set<Digest> = []
        for runner in services { needed.formUnion(await runner.artifacts) }
        let since = host.clock.wall + Self.artifactGrace * -1
        do {
            let removed = try await BlockingThread.run {
                [artifacts = host.artifacts, needed] () throws(ArtifactError) in
                try artifacts.remove(except: needed, unusedSince: since)
            }
            for digest in removed { logger.notice("artifact removed", metadata: ["artifact": "\(digest.short)"]) }
        } catch {
            logger.warning("artifacts not removed", metadata: ["error": "\(error)"])
        }
    }
}
