import Glibc

/// Files that say whom a host believes, and what it demands.
package enum TrustedFile {
    /// The whole file, or nil if there is none.
    package static func readIfPresent(_ path: String, _ code: TrustError.Code) throws(TrustError) -> [UInt8]? {
        var status = stat()
        if lstat(path, &status) != 0, errno == ENOENT { return nil }
        return try read(path, code)
    }

    /// The whole file.
    ///
    /// - Throws: `TrustError`; with `code` for one that users other than root and this one could have changed.
    package static func read(_ path: String, _ code: TrustError.Code) throws(TrustError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard descriptor >= 0 else { throw .system(.fileUnreadable, path, "can't be opened") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(.fileUnreadable, path, "can't be examined") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw TrustError(code, path, "is no regular file") }
        guard status.st_mode & 0o022 == 0, status.st_uid == 0 || status.st_uid == geteuid() else {
            let advice = "can be changed by others: make it owned by root with 'chown root', then 'chmod go-w'"
            throw TrustError(code, path, advice)
        }
        return try KeyFile.read(descriptor, path)
    }
}
