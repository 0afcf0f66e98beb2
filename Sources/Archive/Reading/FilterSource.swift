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

    /// Most bytes that one compressed byte may stand for; programs and their data stay below a tenth of it.
    private static let densest: Int64 = 500
    /// What may unfold however dense it is: small archives of zeros are no harm.
    private static let harmless: Int64 = 64 << 20

    private let handle: ArchiveHandle
    private var produced: Int64 = 0
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
        if let bytes = try handle.nextBlock() {
            produced += Int64(bytes.count)
            try requireBelievableDensity()
            return bytes
        }
        isAtEnd = true
        try handle.requireEnd()
        return nil
    }

    /// Ends a decompression bomb long before it meets the host's limits, which are as large as its largest artifact.
    private func requireBelievableDensity() throws(ArtifactError) {
        guard produced > Self.harmless, produced / Self.densest > handle.delivered else { return }
        throw ArtifactError(
            .tooManyBytes,
            "unfolds to more than \(Self.densest) times its size, as bombs do; pack it as .tar if it is right"
        )
    }
}
