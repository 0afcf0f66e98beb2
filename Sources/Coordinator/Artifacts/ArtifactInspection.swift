package import Artifacts
internal import Configuration
internal import Glibc
package import Model

/// What an artifact's file holds and who vouches for it, for a person who wants to know before rolling it out.
package struct ArtifactInspection: Sendable {
    package let path: String
    package let artifact: Artifact
    package let entries: Int
    /// Sum of all file sizes.
    package let unpacked: ByteCount
    /// Digest of the tree that it unpacks to.
    package let tree: Digest
    package let spec: ServiceSpec?
    /// Why `spec` is missing.
    package let specProblem: String?
    /// Nil unless it is a `.deb`.
    package let debian: DebianControl?
    /// Files with envelopes that speak of it.
    package let provenance: [String]

    /// Reads the whole artifact as a host would; writes nothing.
    package static func inspect(_ path: String, tool: UnpackTool) async throws -> Self {
        let artifact = try await ArtifactPacker.identify(path)
        let listed = try await tool.list(try OpenFile(path: path, flags: O_RDONLY), format: artifact.format)
        var spec: ServiceSpec?
        var problem: String?
        do {
            let name = try RelativePath(parsing: ServiceSpec.fileName)
            let file = try OpenFile(path: path, flags: O_RDONLY)
            let bytes = try await tool.print(name, of: file, format: artifact.format)
            spec = try ServiceFile.parse(bytes, file: ServiceSpec.fileName)
        } catch {
            problem = "\(error)"
        }
        return Self(
            path: path,
            artifact: artifact,
            entries: listed.entries,
            unpacked: listed.bytes,
            tree: listed.manifest.digest,
            spec: spec,
            specProblem: problem,
            debian: listed.debian,
            provenance: ProvenanceFiles.beside(path)
        )
    }
}
