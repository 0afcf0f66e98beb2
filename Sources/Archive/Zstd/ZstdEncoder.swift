package import Artifacts
import CZstd

/// Compresses a descriptor's bytes as one zstd frame with a checksum.
package enum ZstdEncoder {
    private static let blockSize = 1 << 20

    /// - Returns: The number of bytes written.
    package static func encode(
        _ input: Int32,
        to output: OpenFile,
        level: Int32,
        threads: Int32
    ) throws(ArtifactError) -> Int64 {
        guard let context = ZSTD_createCCtx() else { throw ArtifactError(.system, "zstd can't begin: out of memory") }
        defer { ZSTD_freeCCtx(context) }
        try check(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level))
        try check(ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1))
        // A libzstd without threads refuses the parameter, and compresses all the same.
        if threads > 0 { _ = ZSTD_CCtx_setParameter(context, ZSTD_c_nbWorkers, threads) }
        let source = DescriptorSource(input)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: blockSize, alignment: 4096)
        defer { buffer.deallocate() }
        var written: Int64 = 0
        while true {
            let block = try source.next()
            let end: ZSTD_EndDirective = block == nil ? ZSTD_e_end : ZSTD_e_continue
            var from = ZSTD_inBuffer(src: block?.baseAddress, size: block?.count ?? 0, pos: 0)
            var left = 1
            while block == nil ? left > 0 : from.pos < from.size {
                var to = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
                left = try check(ZSTD_compressStream2(context, &to, &from, end))
                try output.write(UnsafeRawBufferPointer(rebasing: buffer[..<to.pos]), name: "the encoded artifact")
                written += Int64(to.pos)
            }
            if block == nil { return written }
        }
    }

    @discardableResult
    private static func check(_ result: Int) throws(ArtifactError) -> Int {
        guard ZSTD_isError(result) == 0 else {
            throw ArtifactError(.system, "zstd: \(String(cString: ZSTD_getErrorName(result)))")
        }
        return result
    }
}
