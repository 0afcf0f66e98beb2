import Artifacts
import Foundation
import Model
import Rollout
import Testing
import Trust

@testable import Coordinator

struct ArtifactRetentionTests {
    private let scratch: ScratchWorkspace
    private let ledger: Ledger
    private let hello: ServiceName
    private let dev: EnvironmentName

    init() throws {
        scratch = try ScratchWorkspace()
        try scratch.setUp()
        ledger = try scratch.workspace.ledger()
        hello = try #require(ServiceName("hello"))
        dev = try #require(EnvironmentName("dev"))
    }

    private func entry(_ number: Int) throws -> CatalogEntry {
        let artifact = Artifact(
            digest: SHA256.digest(of: Array("artifact \(number)".utf8)),
            size: ByteCount(1),
            format: .tar
        )
        return CatalogEntry(
            service: hello,
            version: try Version(parsing: "1.\(number)"),
            artifact: artifact,
            provenance: []
        )
    }

    private func confirm(_ entry: CatalogEntry, _ number: Int) async throws {
        let release = Release(
            service: hello,
            environment: dev,
            version: entry.version,
            artifact: entry.artifact
        )
        let id = ReleaseID(version: entry.version, digest: try release.digest())
        let confirmed = ConfirmedRelease(service: hello, environment: dev, id: id, release: release)
        try await ledger.confirm(
            confirmed,
            rollout: RolloutID(ledger: ledger.id, number: number),
            at: ScratchWorkspace.now
        )
    }

    @Test("The newest versions and the releases confirmed last are kept, each on its own account")
    func newest() async throws {
        let entries = try (0..<6).map(entry)
        for entry in entries { try await ledger.register(entry) }
        for number in 0..<3 { try await confirm(entries[number], number) }
        let kept = try await ledger.artifacts(keeping: 2)
        #expect(kept == Set([1, 2, 4, 5].map { entries[$0].artifact.digest }))
    }

    @Test("What nobody may have to send again goes from the store, unless it has just come")
    func removed() async throws {
        let store = try scratch.workspace.artifacts()
        var digests: [Digest] = []
        for content in ["kept", "spare", "fresh"] {
            let digest = SHA256.digest(of: Array(content.utf8))
            let size = ByteCount(Int64(content.utf8.count))
            let ingest = try store.ingest(digest, size: size)
            try ingest.write(Array(content.utf8))
            try ingest.commit()
            digests.append(digest)
        }
        let old = Date(timeIntervalSinceNow: -7200)
        for digest in digests.prefix(2) {
            try FileManager.default.setAttributes(
                [.modificationDate: old],
                ofItemAtPath: "\(store.path)/\(digest.hex)"
            )
        }
        let artifact = Artifact(digest: digests[0], size: ByteCount(4), format: .tar)
        try await ledger.register(
            CatalogEntry(service: hello, version: try Version(parsing: "1.0"), artifact: artifact, provenance: [])
        )
        #expect(try await ArtifactRetention(ledger: ledger, store: store).run() == [digests[1]])
        #expect(Set(try store.digests()) == [digests[0], digests[2]])
    }
}
