import Artifacts
import CArchive

/// One libarchive reader over a source; the only type here that holds its pointers.
final class ArchiveHandle {
    private let archive: OpaquePointer
    private let upstream: any ByteSource
    private var failure: ArtifactError?
    /// Bytes taken from the source so far.
    private(set) var delivered: Int64 = 0
    private var isUpstreamAtEnd = false

    /// Begins to read; `configure` names the formats and filters to accept.
    init(_ upstream: any ByteSource, _ configure: (OpaquePointer) -> Void) throws(ArtifactError) {
        guard let archive = archive_read_new() else {
            throw ArtifactError(.system, "libarchive can't begin: out of memory")
        }
        self.archive = archive
        self.upstream = upstream
        configure(archive)
        let status = archive_read_open(
            archive,
            Unmanaged.passUnretained(self).toOpaque(),
            nil,
            { _, context, start in
                guard let context, let start else { return -1 }
                return Unmanaged<ArchiveHandle>.fromOpaque(context).takeUnretainedValue().deliver(start)
            },
            nil
        )
        guard status == ARCHIVE_OK else { throw error() }
    }

    deinit { archive_read_free(archive) }

    /// The name of the next member, or nil at the end.
    func nextMember() throws(ArtifactError) -> String? {
        var entry: OpaquePointer?
        let status = archive_read_next_header(archive, &entry)
        if status == ARCHIVE_EOF, failure == nil { return nil }
        guard status == ARCHIVE_OK else { throw error() }
        return archive_entry_pathname(entry).map { String(cString: $0) } ?? ""
    }

    /// The next bytes of the current member, or nil at its end.
    func nextBlock() throws(ArtifactError) -> UnsafeRawBufferPointer? {
        var start: UnsafeRawPointer?
        var count = 0
        var offset: la_int64_t = 0
        let status = archive_read_data_block(archive, &start, &count, &offset)
        if status == ARCHIVE_EOF, failure == nil { return nil }
        guard status == ARCHIVE_OK else { throw error() }
        return UnsafeRawBufferPointer(start: start, count: count)
    }

    /// The codes of the filters in use, outermost last, without the one that calls us.
    var filters: [Int32] { (0..<max(0, archive_filter_count(archive) - 1)).map { archive_filter_code(archive, $0) } }

    /// Refuses bytes that follow the end of what was read.
    func requireEnd() throws(ArtifactError) {
        let isUsedUp = archive_filter_bytes(archive, -1) == delivered
        guard isUsedUp, try upstream.next() == nil else {
            throw ArtifactError(.trailingData, "goes on after its compressed data ended; build it anew")
        }
    }

    private func deliver(_ start: UnsafeMutablePointer<UnsafeRawPointer?>) -> Int {
        do throws(ArtifactError) {
            guard let bytes = try upstream.next() else {
                isUpstreamAtEnd = true
                return 0
            }
            delivered += Int64(bytes.count)
            start.pointee = bytes.baseAddress
            return bytes.count
        } catch {
            failure = error
            return -1
        }
    }

    private func error() -> ArtifactError {
        if let failure { return failure }
        let reason = archive_error_string(archive).map { String(cString: $0) } ?? "no reason given"
        let code: ArtifactError.Code = isUpstreamAtEnd ? .truncated : .malformed
        return ArtifactError(code, "can't be read: \(reason); build it anew")
    }
}
