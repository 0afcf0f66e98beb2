import Artifacts

/// Makes nothing: for a check or a listing.
final class DiscardingTree: TreeSink {
    func makeDirectory(_ path: TreePath) {}
    func beginFile(_ path: TreePath, isExecutable: Bool) {}
    func write(_ bytes: UnsafeRawBufferPointer) throws(ArtifactError) {}
    func endFile(_ time: TarEntry.Time) {}
    func makeLink(_ path: TreePath, to target: LinkTarget, _ time: TarEntry.Time) {}
    func makeHardLink(_ path: TreePath, to file: TreePath) {}
    func setTime(ofDirectory path: TreePath, _ time: TarEntry.Time) {}
}
