import Glibc

/// Reads and writes the small files that certificates and keys live in.
enum PrivateFile {
    /// No certificate chain or key comes near this, so a wrong path can't fill the memory.
    private static let largest = 1 << 20

    enum Audience {
        case everyone
        /// Keys: refused when group or others may read.
        case owner
    }

    static func read(_ path: String, for audience: Audience) throws(TLSError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= largest else {
            throw TLSError(.fileUnreadable, path, advice: "is no regular file below 1 MiB; name the PEM file itself")
        }
        if audience == .owner, status.st_mode & 0o077 != 0 {
            let mode = String(status.st_mode & 0o777, radix: 8)
            throw TLSError(
                .keyPermissions,
                path,
                advice:
                    "is a private key with mode 0\(mode); run 'chmod 600 \(path)', and issue a new one if others read it"
            )
        }
        return try readAll(descriptor, path: path)
    }

    private static func readAll(_ descriptor: CInt, path: String) throws(TLSError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while bytes.count <= largest {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(path, errno) }
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
        }
        throw TLSError(.fileUnreadable, path, advice: "grew past 1 MiB while it was read; name the PEM file itself")
    }

    /// Writes a new, whole file: temporary file, fsync, link, fsync of the directory.
    ///
    /// An existing file is kept, and is an error.
    static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(TLSError) {
        let temporary = "\(path).\(getpid()).new"
        unlink(temporary)  // left by a crash of an earlier process with our number
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw unwritten(path, errno) }
        defer { unlink(temporary) }
        do {
            defer { close(descriptor) }
            // The umask may have taken bits; it can't have added any.
            guard fchmod(descriptor, mode) == 0 else { throw unwritten(path, errno) }
            try writeAll(bytes, descriptor, path: path)
            guard fsync(descriptor) == 0 else { throw unwritten(path, errno) }
        }
        // Unlike a rename, a link never replaces what is there.
        guard link(temporary, path) == 0 else {
            throw errno == EEXIST
                ? TLSError(
                    .fileExists,
                    path,
                    advice: "exists already and is kept; move it away first if it is not needed"
                )
                : unwritten(path, errno)
        }
        try synchronizeDirectory(of: path)
    }

    /// Puts a whole file in the place of another: temporary file, fsync, rename, fsync of the directory.
    static func replace(_ bytes: [UInt8], at path: String, mode: mode_t) throws(TLSError) {
        let next = "\(path).\(getpid()).next"
        unlink(next)  // left by a crash of an earlier process with our number
        try write(bytes, to: next, mode: mode)
        guard rename(next, path) == 0 else { throw unwritten(path, errno) }
        try synchronizeDirectory(of: path)
    }

    private static func writeAll(_ bytes: [UInt8], _ descriptor: CInt, path: String) throws(TLSError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw unwritten(path, errno) }
            rest = rest.dropFirst(count)
        }
    }

    private static func synchronizeDirectory(of path: String) throws(TLSError) {
        let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unwritten(path, errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw unwritten(path, errno) }
    }

    /// Whether the path is taken, be it by a dangling link.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// The visible entries of a directory, sorted.
    static func names(in directory: String) throws(TLSError) -> [String] {
        guard let stream = opendir(directory) else { throw unreadable(directory, errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = Glibc.readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    private static func unreadable(_ path: String, _ code: CInt) -> TLSError {
        TLSError(.fileUnreadable, path, advice: "can't be read: \(text(code))")
    }

    static func unwritten(_ path: String, _ code: CInt) -> TLSError {
        TLSError(.fileNotWritten, path, advice: "can't be written: \(text(code))")
    }

    static func text(_ code: CInt) -> String { String(cString: strerror(code)) }
}
