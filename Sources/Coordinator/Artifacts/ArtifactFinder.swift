package import Artifacts
package import Model

/// Brings what somebody has on their disk into a content store: a directory is packed, a file is taken as it is.
package struct ArtifactFinder: Sendable {
    private let store: ContentStore
    private let packer: ArtifactPacker

    package init(store: ContentStore, tool: UnpackTool) {
        self.store = store
        packer = ArtifactPacker(tool: tool)
    }

    /// The artifact that a directory packs to.
    package func pack(_ path: String) async throws -> ArtifactCandidate {
        guard SmallFile.isDirectory(path) else {
            throw CoordinatorError(.artifactInvalid, "\(path) is no directory; name an artifact's file with --artifact")
        }
        let artifact = try await packer.pack(path, into: store)
        let tree = await SourceTree.state(of: path)
        return ArtifactCandidate(
            artifact: artifact,
            version: ArtifactNaming.version(of: artifact, tree: tree),
            name: path.split(separator: "/").last.map(String.init) ?? path,
            provenance: [],
            tree: tree
        )
    }

    /// An artifact's file, with the envelopes that lie beside it.
    package func take(_ path: String, service: ServiceName) async throws -> ArtifactCandidate {
        let artifact = try await ArtifactPacker.identify(path)
        try await packer.add(path, as: artifact, to: store)
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return ArtifactCandidate(
            artifact: artifact,
            version: ArtifactNaming.version(fileName: name, service: service, format: artifact.format)
                ?? ArtifactNaming.version(of: artifact, tree: nil),
            name: name,
            provenance: try ProvenanceFiles.beside(path).flatMap(ProvenanceFiles.read),
            tree: nil
        )
    }
}
