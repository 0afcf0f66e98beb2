import Glibc
package import Model

/// Room on the filesystem of an open file or directory.
package enum DiskSpace {
    /// What stays free for everything else on the machine unless somebody names more.
    package static let reserve = ByteCount.mebibytes(16)

    /// Bytes that this process may still write there.
    package static func available(at file: OpenFile) throws(ArtifactError) -> ByteCount {
        var status = statvfs()
        guard fstatvfs(file.descriptor, &status) == 0 else { throw .system("fstatvfs", nil) }
        let blocks = geteuid() == 0 ? status.f_bfree : status.f_bavail
        return ByteCount(
            Int64(clamping: UInt64(blocks).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
        )
    }

    /// Refuses, with the numbers, what would not fit beside the reserve.
    package static func require(
        _ size: ByteCount,
        keepingFree reserve: ByteCount = reserve,
        at file: OpenFile,
        path: String
    ) throws(ArtifactError) {
        let available = try available(at: file)
        guard available.bytes - reserve.bytes >= size.bytes else {
            throw lack(of: size, available, promised: ByteCount(0), keepingFree: reserve, path)
        }
    }

    /// What is needed, what there is, and what to do about it.
    static func lack(
        of size: ByteCount,
        _ available: ByteCount,
        promised: ByteCount,
        keepingFree reserve: ByteCount,
        _ path: String
    ) -> ArtifactError {
        let others = promised.bytes > 0 ? ", \(promised) of it promised to other preparations" : ""
        let advice =
            "has \(available) free\(others), but \(size) are needed and \(reserve) stay in reserve; free some space, "
            + "or lower the number of kept releases, then retry"
        return ArtifactError(.diskFull, path: path, advice)
    }
}
