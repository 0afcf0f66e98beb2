internal import Glibc

/// Reads and writes the small files of a workspace, whole or not at all.
package enum SmallFile {
    /// Far above any configuration, key or envelope, so that a wrong path can't fill the memory.
    package static let maximumSize = 8 << 20

    package static func read(_ path: String) throws(CoordinatorError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw unusable(path, "can't be read") }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw unusable(path, "can't be read")
            }
            bytes += buffer[..<count]
            guard bytes.count <= maximumSize else {
                throw CoordinatorError(.fileUnusable, "\(path) is larger than 8 MiB; name the right file")
            }
        }
    }

    /// Writes a new file, on disk when this returns; false when there is one, which is kept.
    @discardableResult
    package static func create(_ path: String, _ bytes: [UInt8], mode: UInt32) throws(CoordinatorError) -> Bool {
        let temporary = "\(path).\(getpid()).new"
        unlink(temporary)  // left by a crash of an earlier process with our number
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw unusable(path, "can't be written") }
        defer {
            close(descriptor)
            unlink(temporary)
        }
        guard write(bytes, to: descriptor), fchmod(descriptor, mode) == 0, fsync(descriptor) == 0 else {
            throw unusable(path, "can't be written")
        }
        // Unlike a rename, a link never replaces what is there.
        guard link(temporary, path) == 0 else {
            if errno == EEXIST { return false }
            throw unusable(path, "can't be written")
        }
        try synchronizeDirectory(of: path)
        return true
    }

    /// Writes a file in place of the one that was there, on disk when this returns.
    package static func replace(_ path: String, _ bytes: [UInt8], mode: UInt32) throws(CoordinatorError) {
        let temporary = "\(path).\(getpid()).new"
        unlink(temporary)  // left by a crash of an earlier process with our number
        guard try create(temporary, bytes, mode: mode), rename(temporary, path) == 0 else {
            throw unusable(path, "can't be written")
        }
        try synchronizeDirectory(of: path)
    }

    /// Removes a file; one that is not there is no error.
    package static func remove(_ path: String) throws(CoordinatorError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw unusable(path, "can't be removed") }
        try synchronizeDirectory(of: path)
    }

    /// Adds a line to a file, which is made if there is none; on disk when this returns.
    ///
    /// One write with O_APPEND, so that two who add at once lose nothing (write(2)).
    package static func append(_ line: [UInt8], to path: String) throws(CoordinatorError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw unusable(path, "can't be written") }
        defer { close(descriptor) }
        guard write(line, to: descriptor), fsync(descriptor) == 0 else { throw unusable(path, "can't be written") }
        try synchronizeDirectory(of: path)
    }

    /// Makes a directory, on disk when this returns; false when it was there.
    @discardableResult
    package static func makeDirectory(_ path: String, mode: UInt32 = 0o700) throws(CoordinatorError) -> Bool {
        if mkdir(path, mode) == 0 {
            try synchronizeDirectory(of: path)
            return true
        }
        guard errno == EEXIST, isDirectory(path) else { throw unusable(path, "can't be made a directory") }
        return false
    }

    /// Whether the name is taken, be it by a dangling link.
    package static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    package static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    package static func isExecutable(_ path: String) -> Bool { access(path, X_OK) == 0 && !isDirectory(path) }

    /// The visible entries of a directory, sorted.
    package static func names(in directory: String) throws(CoordinatorError) -> [String] {
        guard let stream = opendir(directory) else { throw unusable(directory, "can't be listed") }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// The path without `.` and `..` and links, or nil when nothing is there.
    package static func resolve(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    static func unusable(_ path: String, _ finding: String) -> CoordinatorError {
        CoordinatorError(.fileUnusable, "\(path) \(finding): \(String(cString: strerror(errno)))")
    }

    /// Makes a new name durable, which the file's own fsync does not (fsync(2)).
    private static func synchronizeDirectory(of path: String) throws(CoordinatorError) {
        let end = path.lastIndex { $0 != "/" } ?? path.startIndex
        let slash = path[...end].lastIndex(of: "/")
        let directory = slash.map { String(path[...$0]) } ?? "."
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unusable(path, "can't be written") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw unusable(path, "can't be written") }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
