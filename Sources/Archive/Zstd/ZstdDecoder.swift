package import Artifacts
import CZstd
package import Model

/// Undoes the zstd encoding of a transport stream: exactly one frame, bounded in size and memory.
package enum ZstdDecoder {
    /// Window of at most 128 MiB, what every level up to 22 stays within.
    private static let windowLogMaximum: Int32 = 27
    private static let blockSize = 256 << 10

    /// - Returns: The number of bytes written.
    package static func decode(_ input: Int32, to output: OpenFile, maximum: ByteCount) throws(ArtifactError) -> Int64 {
        guard let context = ZSTD_createDCtx() else { throw ArtifactError(.system, "zstd can't begin: out of memory") }
        defer { ZSTD_freeDCtx(context) }
        try check(ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, windowLogMaximum))
        let source = DescriptorSource(input)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: blockSize, alignment: 4096)
        defer { buffer.deallocate() }
        var written: Int64 = 0
        var isComplete = false
        while let block = try source.next() {
            var from = ZSTD_inBuffer(src: block.baseAddress, size: block.count, pos: 0)
            var to = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
            repeat {
                guard !isComplete else {
                    throw ArtifactError(.trailingData, "the transport stream goes on after its end; send it again")
                }
                to.pos = 0
                isComplete = try check(ZSTD_decompressStream(context, &to, &from)) == 0
                written += Int64(to.pos)
                guard written <= maximum.bytes else {
                    throw ArtifactError(
                        .tooManyBytes,
                        "the transport stream unfolds to more than \(maximum.bytes) bytes"
                    )
                }
                try output.write(UnsafeRawBufferPointer(rebasing: buffer[..<to.pos]), name: "the decoded artifact")
            } while from.pos < from.size || (to.pos == to.size && !isComplete)
        }
        guard isComplete else {
            throw ArtifactError(.truncated, "the transport stream ended too early; send it again")
        }
        return written
    }

    @discardableResult
    private static func check(_ result: Int) throws(ArtifactError) -> Int {
        guard ZSTD_isError(result) == 0 else {
            let name = String(cString: ZSTD_getErrorName(result))
            throw ArtifactError(.malformed, "the transport stream is no zstd that may be read: \(name); send it again")
        }
        return result
    }
}
