package import Artifacts
import Glibc
import Model

/// Writes a directory as a deterministic archive, and refuses what unpacking would refuse.
package struct TreePacker {
    private let root: OpenFile
    private let bounds: UnpackBounds

    package init(_ root: OpenFile, _ bounds: UnpackBounds) {
        self.root = root
        self.bounds = bounds
    }

    /// Entries sorted by path bytes; owner 0, one fixed time, modes 0644 and 0755, nothing else of an inode.
    package func write(to output: OpenFile) throws(ArtifactError) -> ToolReport {
        let found = try TreeWalk.entries(of: root)
        guard !found.isEmpty else { throw ArtifactError(.noEntries, "the directory is empty; build something into it") }
        guard found.count <= bounds.entries else {
            let advice = "the directory has \(found.count) entries, more than the \(bounds.entries) allowed"
            throw ArtifactError(.tooManyEntries, advice)
        }
        var writer = TarWriter(output)
        for entry in found { try append(entry, to: &writer) }
        let (digest, size) = try writer.finish()
        return ToolReport(entries: found.count, bytes: size.bytes, digest: digest)
    }

    private func append(_ entry: TreeWalk.Entry, to writer: inout TarWriter) throws(ArtifactError) {
        let path = try TreePath(entry.path, maximumLength: bounds.pathLength)
        let mode = entry.status.st_mode
        if mode & S_IFMT != S_IFLNK, mode & 0o7000 != 0 { throw .refused(path, .specialMode) }
        switch mode & S_IFMT {
        case S_IFDIR: try writer.append(path, .directory, mode: 0o755, size: 0, link: [])
        case S_IFLNK:
            let target = try LinkTarget(TreeWalk.target(of: entry, in: root), at: path)
            try writer.append(path, .symbolicLink, mode: 0o777, size: 0, link: target.bytes)
        case S_IFREG: try appendFile(path, to: &writer)
        case S_IFIFO: throw .refused(path, .fifo)
        case S_IFSOCK: throw .refused(path, .socket)
        case _: throw .refused(path, .device)
        }
    }

    private func appendFile(_ path: TreePath, to writer: inout TarWriter) throws(ArtifactError) {
        let file = try OpenFile(in: root, name: path.bytes, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        var status = stat()
        guard fstat(file.descriptor, &status) == 0 else { throw .system("fstat", path.text) }
        let size = Int64(status.st_size)
        guard size <= bounds.bytes.bytes - writer.count else {
            throw ArtifactError(.tooManyBytes, path: path.text, "brings the archive over the \(bounds.bytes) allowed")
        }
        try writer.append(path, .file, mode: status.st_mode & 0o100 != 0 ? 0o755 : 0o644, size: size, link: [])
        let source = DescriptorSource(file.descriptor)
        var left = size
        while let block = try source.next() {
            left -= Int64(block.count)
            guard left >= 0 else { break }
            try writer.append(block)
        }
        guard left == 0 else {
            throw ArtifactError(
                .malformed,
                path: path.text,
                "changed while it was packed; pack when the build has ended"
            )
        }
        try writer.pad()
    }
}
