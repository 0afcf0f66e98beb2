import Artifacts

/// Where the entries of an artifact go, once each was judged and its parents exist.
protocol TreeSink: AnyObject {
    func makeDirectory(_ path: TreePath) throws(ArtifactError)
    func beginFile(_ path: TreePath, isExecutable: Bool) throws(ArtifactError)
    func write(_ bytes: UnsafeRawBufferPointer) throws(ArtifactError)
    func endFile(_ time: TarEntry.Time) throws(ArtifactError)
    func makeLink(_ path: TreePath, to target: LinkTarget, _ time: TarEntry.Time) throws(ArtifactError)
    func makeHardLink(_ path: TreePath, to file: TreePath) throws(ArtifactError)
    func setTime(ofDirectory path: TreePath, _ time: TarEntry.Time) throws(ArtifactError)
}
