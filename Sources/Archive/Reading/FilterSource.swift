import Artifacts
import CArchive

/// A source's bytes decompressed by libarchive: exactly one layer of the compression named.
final class FilterSource: ByteSource {
    enum Compression: CaseIterable {
        case gzip
        case zstd
        case xz

        var code: Int32 {
            switch self {
            case .gzip: ARCHIVE_FILTER_GZIP
            case .zstd: ARCHIVE_FILTER_ZSTD
            case .xz: ARCHIVE_FILTER_XZ
            }
        }
    }

    private let handle: ArchiveHandle
    private var isAtEnd = false

    init(_ upstream: any ByteSource, _ compression: Compression) throws(ArtifactError) {
        handle = try ArchiveHandle(upstream) { archive in
            switch compression {
            case .gzip: archive_read_support_filter_gzip(archive)
            case .zstd: archive_read_support_filter_zstd(archive)
            case .xz: archive_read_support_filter_xz(archive)
            }
            archive_read_support_format_raw(archive)
        }
        guard try handle.nextMember() != nil, handle.filters == [compression.code] else {
            throw ArtifactError(.malformed, "is not compressed as \(compression), once; name the format that it has")
        }
    }

    func next() throws(ArtifactError) -> UnsafeRawBufferPointer? {
        guard !isAtEnd else { return nil }
        if let bytes = try handle.nextBlock() { return bytes }
        isAtEnd = true
        try handle.requireEnd()
        return nil
    }
}
