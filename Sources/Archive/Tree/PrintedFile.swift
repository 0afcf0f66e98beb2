import Artifacts
import Model

/// Keeps one small file of an artifact and passes over the rest.
final class PrintedFile: TreeSink {
    private let path: TreePath
    private let limit: ByteCount
    private var isCurrent = false
    private(set) var content: [UInt8]?
    /// Whether the file was read to its end, so that nothing more of the artifact is needed.
    private(set) var isComplete = false

    init(_ path: TreePath, limit: ByteCount) {
        self.path = path
        self.limit = limit
    }

    func beginFile(_ path: TreePath, isExecutable: Bool) {
        isCurrent = path == self.path
        if isCurrent { content = [] }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(ArtifactError) {
        guard isCurrent else { return }
        guard (content?.count ?? 0) + bytes.count <= limit.bytes else {
            throw ArtifactError(.tooManyBytes, path: path.text, "has more than the \(limit) that may be printed")
        }
        content? += bytes
    }

    func endFile(_ time: TarEntry.Time) { isComplete = isComplete || isCurrent }

    func makeDirectory(_ path: TreePath) {}
    func makeLink(_ path: TreePath, to target: LinkTarget, _ time: TarEntry.Time) {}
    func makeHardLink(_ path: TreePath, to file: TreePath) {}
    func setTime(ofDirectory path: TreePath, _ time: TarEntry.Time) {}
}
