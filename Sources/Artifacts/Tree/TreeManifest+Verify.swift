import Glibc
import Model
import Trust

extension TreeManifest {
    /// Compares the tree on disk with this manifest: every name, type, mode, link and byte; blocks while it reads.
    ///
    /// The top-level `.fleet`, which Fleet itself puts there, is left out.
    ///
    /// - Returns: The differences, sorted by path; empty when the tree is whole.
    /// - Throws: `ArtifactError` when the tree can't be read.
    package func verify(directory: String) throws(ArtifactError) -> [TreeDifference] {
        let root = try OpenFile(path: directory, flags: O_RDONLY | O_DIRECTORY)
        var expected: [[UInt8]: TreeEntry] = [:]
        for entry in try entries() { expected[entry.path.bytes] = entry }
        var differences: [TreeDifference] = []
        for found in try TreeWalk.entries(of: root) where !found.path.starts(with: ".fleet/".utf8) {
            if found.path.elementsEqual(".fleet".utf8) { continue }
            guard let entry = expected.removeValue(forKey: found.path) else {
                differences.append(TreeDifference(path: String(decoding: found.path, as: UTF8.self), kind: .extra))
                continue
            }
            guard let kind = try Self.difference(found, entry, root) else { continue }
            differences.append(TreeDifference(path: entry.path.text, kind: kind))
        }
        differences += expected.values.map { TreeDifference(path: $0.path.text, kind: .missing) }
        return differences.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    static func difference(
        _ found: TreeWalk.Entry,
        _ entry: TreeEntry,
        _ root: OpenFile
    ) throws(ArtifactError) -> TreeDifference.Kind? {
        switch entry.kind {
        case .directory:
            guard found.status.st_mode & S_IFMT == S_IFDIR else { return .typeChanged }
        case .link(let target):
            guard found.status.st_mode & S_IFMT == S_IFLNK else { return .typeChanged }
            return try TreeWalk.target(of: found, in: root) == target.bytes ? nil : .changed
        case .file(let size, let digest, _):
            guard found.status.st_mode & S_IFMT == S_IFREG else { return .typeChanged }
            guard Int64(found.status.st_size) == size.bytes else { return .changed }
            let file = try OpenFile(in: root, name: found.path, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            guard try file.digest(name: entry.path.text).digest == digest else { return .changed }
        }
        return found.status.st_mode & 0o7777 == entry.mode ? nil : .modeChanged
    }
}
