internal import Artifacts
internal import Glibc
internal import Model
internal import Protocol

/// Artifacts in the form in which they travel; each is encoded once, however many hosts get it.
///
/// Encodings live as long as this supply, in files without a name: none outlives the process, and none that an earlier
/// process left half written is ever sent.
actor ArtifactSupply {
    private let artifacts: ContentStore
    private let tool: UnpackTool
    private var encodings: [Digest: Task<OpenFile, any Error>] = [:]

    /// Smaller artifacts travel as they are.
    private static let worthEncoding = ByteCount.kibibytes(64)

    init(artifacts: ContentStore, tool: UnpackTool) {
        self.artifacts = artifacts
        self.tool = tool
    }

    func shipment(of artifact: Artifact) async throws -> Shipment {
        guard artifact.format == .tar, artifact.size > Self.worthEncoding else {
            return Shipment(
                offer: ArtifactOffer(digest: artifact.digest, size: artifact.size, encoding: .identity),
                file: try artifacts.open(artifact.digest)
            )
        }
        return Shipment(
            offer: ArtifactOffer(digest: artifact.digest, size: artifact.size, encoding: .zstd),
            file: try await encoded(artifact.digest)
        )
    }

    /// The artifact as one zstd frame; a failure is told to those who wait for it, and tried again for the next.
    private func encoded(_ digest: Digest) async throws -> OpenFile {
        if let known = encodings[digest] { return try await known.value }
        let task = Task { [artifacts, tool] in
            let file = try Self.unnamedFile(beside: artifacts)
            _ = try await tool.encode(try artifacts.open(digest), to: file, level: 1, threads: 2)
            return file
        }
        encodings[digest] = task
        do {
            return try await task.value
        } catch {
            encodings[digest] = nil
            throw error
        }
    }

    private static func unnamedFile(beside store: ContentStore) throws(ArtifactError) -> OpenFile {
        let path = "\(store.path)/../.encoding-\(getpid())-\(String(UInt64.random(in: 0 ... .max), radix: 16))"
        let file = try OpenFile(path: path, flags: O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW)
        guard unlink(path) == 0 else { throw .system("unlink", path) }
        return file
    }
}
