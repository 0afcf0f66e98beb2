import Artifacts
import Model
import Trust

/// Judges every entry of an archive against the rules and the bounds, and lets a sink make those that pass.
struct TreeBuilder {
    private enum Seen {
        /// A parent that no entry has named yet.
        case impliedDirectory
        case directory
        case file(index: Int)
        case link
    }

    private let sink: any TreeSink
    private let bounds: UnpackBounds
    private var seen: [TreePath: Seen] = [:]
    private var directoryTimes: [(path: TreePath, time: TarEntry.Time)] = []
    private(set) var entries: [TreeEntry] = []
    private(set) var bytes: Int64 = 0

    init(_ sink: any TreeSink, _ bounds: UnpackBounds) {
        self.sink = sink
        self.bounds = bounds
    }

    /// Takes one entry; its content is read from `reader`.
    mutating func add(_ entry: TarEntry, from reader: inout TarReader) throws(ArtifactError) {
        let path = try TreePath(archived: entry.name, maximumLength: bounds.pathLength)
        guard let path else {
            // The tree's own root, as `tar -C DIR .` writes it, is there already.
            guard entry.kind == .directory, entry.size == 0 else { throw Self.refusedRoot }
            return
        }
        try judgeKind(entry, path)
        guard entry.kind == .symbolicLink || entry.mode & 0o7000 == 0 else { throw .refused(path, .specialMode) }
        guard !entry.hasCapabilities else { throw .refused(path, .fileCapability) }
        try makeParents(of: path)
        switch (entry.kind, seen[path]) {
        case (.directory, .impliedDirectory?):
            seen[path] = .directory
            directoryTimes.append((path, entry.time))
        case (_, .some): throw .refused(path, .duplicate)
        case (.directory, nil):
            try makeDirectory(path, as: .directory)
            directoryTimes.append((path, entry.time))
        case (.symbolicLink, nil): try makeLink(entry, path)
        case (.hardLink, nil): try makeHardLink(entry, path)
        case (_, nil): try makeFile(entry, path, &reader)
        }
    }

    /// Ends the tree: directories get their times last, because what is made inside changes them.
    func finish() throws(ArtifactError) -> TreeManifest {
        guard !entries.isEmpty else { throw ArtifactError(.noEntries, "the archive has no entries; pack something") }
        for (path, time) in directoryTimes.reversed() { try sink.setTime(ofDirectory: path, time) }
        return TreeManifest(entries)
    }

    private func judgeKind(_ entry: TarEntry, _ path: TreePath) throws(ArtifactError) {
        switch entry.kind {
        case .file: return
        case .directory, .symbolicLink, .hardLink:
            guard entry.size == 0 else { throw .refused(path, .dataWithoutFile) }
        case .device: throw .refused(path, .device)
        case .fifo: throw .refused(path, .fifo)
        case .sparse: throw .refused(path, .sparse)
        case .unsupported: throw .refused(path, .unsupportedType)
        }
    }

    private mutating func makeParents(of path: TreePath) throws(ArtifactError) {
        guard let slash = path.bytes.lastIndex(of: UInt8(ascii: "/")) else { return }
        let parent = try TreePath(Array(path.bytes[..<slash]))
        switch seen[parent] {
        case .directory, .impliedDirectory: return
        case .file, .link: throw .refused(path, .throughLink)
        case nil:
            try makeParents(of: parent)
            try makeDirectory(parent, as: .impliedDirectory)
        }
    }

    private mutating func makeDirectory(_ path: TreePath, as kind: Seen) throws(ArtifactError) {
        try record(TreeEntry(path: path, kind: .directory), as: kind)
        try sink.makeDirectory(path)
    }

    private mutating func makeLink(_ entry: TarEntry, _ path: TreePath) throws(ArtifactError) {
        let target = try LinkTarget(entry.linkName, at: path)
        try record(TreeEntry(path: path, kind: .link(target)), as: .link)
        try sink.makeLink(path, to: target, entry.time)
    }

    private mutating func makeHardLink(_ entry: TarEntry, _ path: TreePath) throws(ArtifactError) {
        let target = try TreePath(archived: entry.linkName, maximumLength: bounds.pathLength)
        guard let target, case .file(let index)? = seen[target] else { throw .refused(path, .hardLinkTarget) }
        try record(TreeEntry(path: path, kind: entries[index].kind), as: .file(index: index))
        try sink.makeHardLink(path, to: target)
    }

    private mutating func makeFile(
        _ entry: TarEntry,
        _ path: TreePath,
        _ reader: inout TarReader
    ) throws(ArtifactError) {
        guard entry.size <= bounds.bytes.bytes - bytes else {
            let advice = "brings the archive over the \(bounds.bytes) allowed; raise the bound if the artifact is right"
            throw ArtifactError(.tooManyBytes, path: path.text, advice)
        }
        bytes += entry.size
        let isExecutable = entry.mode & 0o100 != 0
        try sink.beginFile(path, isExecutable: isExecutable)
        var hasher = SHA256()
        try reader.readContent { (block) throws(ArtifactError) in
            hasher.update(block)
            try sink.write(block)
        }
        try sink.endFile(entry.time)
        let kind = TreeEntry.Kind.file(
            size: ByteCount(entry.size),
            digest: hasher.finalize(),
            isExecutable: isExecutable
        )
        try record(TreeEntry(path: path, kind: kind), as: .file(index: entries.count))
    }

    private mutating func record(_ entry: TreeEntry, as kind: Seen) throws(ArtifactError) {
        guard entries.count < bounds.entries else {
            let advice =
                "is one entry more than the \(bounds.entries) allowed; raise the bound if the artifact is right"
            throw ArtifactError(.tooManyEntries, path: entry.path.text, advice)
        }
        seen[entry.path] = kind
        entries.append(entry)
    }

    private static let refusedRoot = ArtifactError(
        .entryRefused,
        path: ".",
        rule: .unsupportedType,
        "the archive's root is no directory; pack a directory"
    )
}
