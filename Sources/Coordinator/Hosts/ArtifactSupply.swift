internal import Artifacts
internal import Glibc
internal import Model
internal import Protocol

/// Artifacts in the form in which they travel; each is encoded once, however many hosts get it.
actor ArtifactSupply {
    private let artifacts: ContentStore
    private let tool: UnpackTool
    private var encodings: [Digest: Task<String, any Error>] = [:]

    /// Smaller artifacts travel as they are.
    private static let worthEncoding = ByteCount.kibibytes(64)

    init(artifacts: ContentStore, tool: UnpackTool) {
        self.artifacts = artifacts
        self.tool = tool
    }

    func shipment(of artifact: Artifact) async throws -> Shipment {
        guard artifact.format == .tar, artifact.size > Self.worthEncoding else {
            let file = try artifacts.open(artifact.digest)
            return Shipment(
                offer: ArtifactOffer(digest: artifact.digest, size: artifact.size, encoding: .identity),
                file: file
            )
        }
        let path = try await encoded(artifact.digest)
        return Shipment(
            offer: ArtifactOffer(digest: artifact.digest, size: artifact.size, encoding: .zstd),
            file: try OpenFile(path: path, flags: O_RDONLY)
        )
    }

    /// The path of the artifact as one zstd frame, kept beside the store.
    private func encoded(_ digest: Digest) async throws -> String {
        if let known = encodings[digest] { return try await known.value }
        let path = "\(artifacts.path)/../encoded-\(digest.hex).zst"
        let task = Task { [artifacts, tool] in
            if access(path, R_OK) == 0 { return path }
            let temporary = "\(path).\(getpid())"
            let file = try OpenFile(path: temporary, flags: O_WRONLY | O_CREAT | O_TRUNC)
            _ = try await tool.encode(try artifacts.open(digest), to: file, level: 1, threads: 2)
            guard rename(temporary, path) == 0 else {
                throw ArtifactError(.system, path: path, "can't be given its name: \(String(cString: strerror(errno)))")
            }
            return path
        }
        encodings[digest] = task
        return try await task.value
    }
}
