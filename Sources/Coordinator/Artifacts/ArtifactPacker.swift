package import Artifacts
internal import Glibc
package import Model

/// Brings directories and files into the content store.
package struct ArtifactPacker: Sendable {
    private let tool: UnpackTool

    package init(tool: UnpackTool) { self.tool = tool }

    /// Packs a directory to a new file.
    package func pack(_ directory: String, to path: String) async throws -> Artifact {
        let tree = try OpenFile(path: directory, flags: O_RDONLY | O_DIRECTORY)
        let file = try OpenFile(path: path, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o644)
        do {
            return try await tool.pack(tree, to: file)
        } catch {
            unlink(path)
            throw error
        }
    }

    /// Packs a directory into the store.
    package func pack(_ directory: String, into store: ContentStore) async throws -> Artifact {
        let temporary = "\(store.path)/../.packing-\(getpid())-\(String(UInt64.random(in: 0 ... .max), radix: 16)).tar"
        defer { unlink(temporary) }
        let artifact = try await pack(directory, to: temporary)
        try await add(temporary, as: artifact, to: store)
        return artifact
    }

    /// Reads a file's digest, size and format.
    package static func identify(_ path: String) async throws -> Artifact {
        guard let format = ArtifactFormat(fileName: path) else {
            let formats = ArtifactFormat.allCases.map { ".\($0.rawValue)" }.joined(separator: ", ")
            throw CoordinatorError(.artifactInvalid, "\(path) has no name of an artifact; it ends in one of \(formats)")
        }
        let (digest, size) = try await BlockingThread.run { () throws(ArtifactError) in
            try OpenFile(path: path, flags: O_RDONLY).digest(name: path)
        }
        return Artifact(digest: digest, size: size, format: format)
    }

    /// Copies a file into the store, unless it is there.
    package func add(_ path: String, as artifact: Artifact, to store: ContentStore) async throws {
        try await BlockingThread.run { () throws(ArtifactError) in
            guard try !store.holds(artifact.digest) else { return }
            let file = try OpenFile(path: path, flags: O_RDONLY)
            let ingest = try store.ingest(artifact.digest, size: artifact.size)
            var buffer = [UInt8](repeating: 0, count: 1 << 20)
            while true {
                let count = read(file.descriptor, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw .system("read", path) }
                guard count > 0 else { return try ingest.commit() }
                try ingest.write(Array(buffer[..<count]))
            }
        }
    }
}
