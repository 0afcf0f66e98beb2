import Glibc
package import Model

extension TreeManifest {
    /// Compares a tree with what it should hold, reading only what was changed after `papers` were written; blocks.
    ///
    /// What `memory` knows is not read again; what is beyond `bound` bytes is left to the next glance.
    ///
    /// - Returns: The differences, sorted by path.
    /// - Throws: `ArtifactError` when the tree can't be read.
    package static func glance(
        at directory: String,
        expecting entries: [[UInt8]: TreeEntry],
        _ memory: inout TreeMemory,
        papers: String,
        reading bound: ByteCount
    ) throws(ArtifactError) -> [TreeDifference] {
        let root = try OpenFile(path: directory, flags: O_RDONLY | O_DIRECTORY)
        let found = try TreeWalk.entries(of: root)
        let own = Array("\(papers)/".utf8)
        let written = found.filter { $0.path.starts(with: own) }.map { TreeMemory.Stamp($0.status) }
            .min { $1.isAfter($0) }
        var left = bound.bytes
        var missing = Set(entries.keys)
        var differences: [TreeDifference] = []
        for entry in found where !entry.path.starts(with: own) && entry.path != Array(papers.utf8) {
            missing.remove(entry.path)
            guard let expected = entries[entry.path] else {
                differences.append(TreeDifference(path: String(decoding: entry.path, as: UTF8.self), kind: .extra))
                continue
            }
            let stamp = TreeMemory.Stamp(entry.status)
            let isYounger = written.map(stamp.isAfter) ?? true
            guard let kind = try look(entry, expected, isYounger ? stamp : nil, root, &memory, &left) else { continue }
            differences.append(TreeDifference(path: expected.path.text, kind: kind))
        }
        differences += missing.map { TreeDifference(path: String(decoding: $0, as: UTF8.self), kind: .missing) }
        return differences.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// `stamp` is nil for what was not touched since it was unpacked.
    private static func look(
        _ found: TreeWalk.Entry,
        _ expected: TreeEntry,
        _ stamp: TreeMemory.Stamp?,
        _ root: OpenFile,
        _ memory: inout TreeMemory,
        _ left: inout Int64
    ) throws(ArtifactError) -> TreeDifference.Kind? {
        if let kind = shape(found, expected) { return kind }
        guard let stamp else { return nil }
        if let known = memory.findings[found.path], known.stamp == stamp { return known.kind }
        let size = Int64(found.status.st_size)
        guard left > 0 else { return nil }
        left -= size
        let kind = try difference(found, expected, root)
        memory.findings[found.path] = TreeMemory.Finding(stamp: stamp, kind: kind)
        return kind
    }

    /// What shows without reading anything.
    private static func shape(_ found: TreeWalk.Entry, _ expected: TreeEntry) -> TreeDifference.Kind? {
        let type: mode_t
        switch expected.kind {
        case .directory: type = S_IFDIR
        case .link: type = S_IFLNK
        case .file(let size, _, _):
            guard found.status.st_mode & S_IFMT == S_IFREG else { return .typeChanged }
            guard Int64(found.status.st_size) == size.bytes else { return .changed }
            type = S_IFREG
        }
        guard found.status.st_mode & S_IFMT == type else { return .typeChanged }
        return found.status.st_mode & 0o7777 == expected.mode ? nil : .modeChanged
    }
}
