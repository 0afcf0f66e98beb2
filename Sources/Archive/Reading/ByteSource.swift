import Artifacts

/// Bytes in order, a block at a time.
protocol ByteSource: AnyObject {
    /// The next bytes, valid until the next call, or nil at the end.
    func next() throws(ArtifactError) -> UnsafeRawBufferPointer?
}
