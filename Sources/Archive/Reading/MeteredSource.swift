import Artifacts
import Model

/// Another source's bytes, counted, and refused past a limit: what a decompression bomb meets.
final class MeteredSource: ByteSource {
    private let upstream: any ByteSource
    private let limit: Int64
    private(set) var count: Int64 = 0

    init(_ upstream: any ByteSource, limit: Int64) {
        self.upstream = upstream
        self.limit = limit
    }

    func next() throws(ArtifactError) -> UnsafeRawBufferPointer? {
        guard let bytes = try upstream.next() else { return nil }
        count += Int64(bytes.count)
        guard count <= limit else {
            let advice =
                "unfolds to more than the \(ByteCount(limit)) allowed; raise the bound if the artifact is right"
            throw ArtifactError(.tooManyBytes, advice)
        }
        return bytes
    }
}
