import Artifacts
import Glibc

/// Makes entries in a staging directory, each relative to its parent's descriptor and never through a link.
///
/// The process has an umask of 0, so the modes given are the modes made. Nothing is synced here: one `syncfs` by the parent
/// costs a seventh of an fsync per file.
final class StagingTree: TreeSink {
    private let root: OpenFile
    /// Open directories from the root down to the last parent used.
    private var open: [(name: ArraySlice<UInt8>, directory: OpenFile)] = []
    private var lastParent: ArraySlice<UInt8> = []
    private var file: OpenFile?
    private var path = ""

    init(_ root: OpenFile) { self.root = root }

    func makeDirectory(_ path: TreePath) throws(ArtifactError) {
        let (parent, name) = try parent(of: path)
        guard withCString(name, { mkdirat(parent.descriptor, $0, 0o755) }) == 0 else {
            throw .system("mkdirat", path.text)
        }
    }

    func beginFile(_ path: TreePath, isExecutable: Bool) throws(ArtifactError) {
        let (parent, name) = try parent(of: path)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW
        file = try OpenFile(in: parent, name: name, flags: flags, mode: isExecutable ? 0o755 : 0o644)
        self.path = path.text
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(ArtifactError) { try file?.write(bytes, name: path) }

    func endFile(_ time: TarEntry.Time) throws(ArtifactError) {
        guard let file = file.take() else { return }
        let times = Self.times(time)
        guard futimens(file.descriptor, times) == 0 else { throw .system("futimens", path) }
    }

    func makeLink(_ path: TreePath, to target: LinkTarget, _ time: TarEntry.Time) throws(ArtifactError) {
        let (parent, name) = try parent(of: path)
        let status = withCString(name) { name in
            withCString(target.bytes) { symlinkat($0, parent.descriptor, name) }
        }
        guard status == 0 else { throw .system("symlinkat", path.text) }
        try setTime(of: name, in: parent, time, path.text)
    }

    func makeHardLink(_ path: TreePath, to file: TreePath) throws(ArtifactError) {
        let (parent, name) = try parent(of: path)
        // The file's parents are directories that this process made, so its path goes through no link.
        let status = withCString(name) { name in
            withCString(file.bytes) { linkat(root.descriptor, $0, parent.descriptor, name, 0) }
        }
        guard status == 0 else { throw .system("linkat", path.text) }
    }

    func setTime(ofDirectory path: TreePath, _ time: TarEntry.Time) throws(ArtifactError) {
        let (parent, name) = try parent(of: path)
        try setTime(of: name, in: parent, time, path.text)
    }

    private func setTime(
        of name: [UInt8],
        in parent: OpenFile,
        _ time: TarEntry.Time,
        _ path: String
    ) throws(ArtifactError) {
        let times = Self.times(time)
        let status = withCString(name) { utimensat(parent.descriptor, $0, times, AT_SYMLINK_NOFOLLOW) }
        guard status == 0 else { throw .system("utimensat", path) }
    }

    private static func times(_ time: TarEntry.Time) -> [timespec] {
        let value = timespec(tv_sec: Int(clamping: time.seconds), tv_nsec: time.nanoseconds)
        return [value, value]
    }

    /// The open parent directory and the last component; directories in common with the last call stay open.
    private func parent(of path: TreePath) throws(ArtifactError) -> (OpenFile, [UInt8]) {
        guard let slash = path.bytes.lastIndex(of: UInt8(ascii: "/")) else { return (root, path.bytes) }
        let name = Array(path.bytes[(slash + 1)...])
        let parent = path.bytes[..<slash]
        if parent == lastParent, let last = open.last { return (last.directory, name) }
        let components = parent.split(separator: UInt8(ascii: "/"))
        let common = zip(open, components).prefix { $0.name == $1 }.count
        open.removeSubrange(common...)
        for component in components[common...] {
            let above = open.last?.directory ?? root
            let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW
            open.append((component, try OpenFile(in: above, name: Array(component), flags: flags)))
        }
        lastParent = parent
        return (open.last?.directory ?? root, name)
    }
}
