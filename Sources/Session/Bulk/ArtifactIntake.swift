package import Artifacts
package import Model
internal import NIOCore
package import Protocol

/// Takes in artifacts that a peer pushes: stored under their digest once it holds, whatever way they travelled.
package struct ArtifactIntake: Sendable {
    private let store: ContentStore
    private let tool: UnpackTool
    private let begin: @Sendable (ArtifactOffer) throws -> ContentIngest

    /// `begin` may refuse what is offered; the default takes whatever the disk has room for.
    package init(
        _ store: ContentStore,
        tool: UnpackTool,
        begin: (@Sendable (ArtifactOffer) throws -> ContentIngest)? = nil
    ) {
        self.store = store
        self.tool = tool
        self.begin = begin ?? { try store.ingest($0.digest, size: $0.size) }
    }

    /// Whether an artifact is there, whole.
    package func find(_ digest: Digest) async throws -> ArtifactState { try await holds(digest) ? .present : .absent }

    private func holds(_ digest: Digest) async throws -> Bool {
        try await BlockingThread.run { [store] () throws(ArtifactError) in try store.holds(digest) }
    }

    /// Stores the exact bytes that `call` brings, once their digest holds.
    package func receive(_ offer: ArtifactOffer, _ call: Call) async throws -> ArtifactState {
        guard try await !holds(offer.digest) else { return .present }
        let ingest = try begin(offer)
        do {
            switch offer.encoding {
            case .identity:
                for try await chunk in try await call.artifactBytes() {
                    try chunk.withUnsafeReadableBytes { try ingest.write($0) }
                }
            case .zstd:
                let decoder = try tool.decoder(maximum: offer.size) { bytes throws(ArtifactError) in
                    try ingest.write(bytes)
                }
                for try await chunk in try await call.artifactBytes() {
                    try await decoder.write(Array(chunk.readableBytesView))
                }
                _ = try await decoder.finish()
            case .zstdPatch(let base):
                throw Problem.refused(
                    "patches are not known here, and \(base.short) is had only as a whole; send it whole"
                )
            }
            try await BlockingThread.run { () throws(ArtifactError) in try ingest.commit() }
            return .stored
        } catch {
            ingest.discard()
            throw error
        }
    }
}
