internal import CLinux
internal import Glibc

/// An open directory: every operation is relative to it and follows no link in its last component.
///
/// Names are single components; nothing here retries a failed fsync, because the kernel may have marked the lost pages
/// clean (fsync(2), "Handling errors").
struct Directory: ~Copyable {
    let descriptor: CInt
    let path: String

    /// Opens an existing directory.
    init(path: String) throws(FileError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last("open", path) }
        self.descriptor = descriptor
        self.path = path
    }

    /// Opens a directory and makes it, and what is missing above it, first.
    init(creating path: String, mode: mode_t = 0o755) throws(FileError) {
        do throws(FileError) {
            try self.init(path: path)
        } catch {
            guard error.errno == ENOENT else { throw error }
            try Self.makePath(path, mode: mode)
            try self.init(path: path)
        }
    }

    /// Makes what is missing of a path, each name durable before the next lies in it.
    private static func makePath(_ path: String, mode: mode_t) throws(FileError) {
        var parent = path.hasPrefix("/") ? "/" : "."
        for component in path.split(separator: "/") {
            let directory = "\(parent)/\(component)"
            if DiskChange.perform(.makeDirectory(directory), { mkdir(directory, mode) }) == 0 {
                try Self(path: parent).sync()
            } else if errno != EEXIST {
                throw .last("mkdir", directory)
            }
            parent = directory
        }
    }

    deinit { close(descriptor) }

    func full(_ name: String) -> String { "\(path)/\(name)" }

    /// Where a symbolic link points, or nil when there is no link of that name.
    func link(_ name: String) throws(FileError) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlinkat(descriptor, name, &buffer, buffer.count)
        guard count >= 0 else {
            // EINVAL: it is something else.
            guard errno == ENOENT || errno == EINVAL else { throw .last("readlink", full(name)) }
            return nil
        }
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Points a symbolic link at `target`, atomically, and makes it durable.
    ///
    /// A temporary link that a crash left behind is removed first.
    func replaceLink(_ name: String, target: String) throws(FileError) {
        let temporary = Self.temporary(name)
        try unlink(temporary)
        let result = DiskChange.perform(.symbolicLink(full(temporary), target: target)) {
            symlinkat(target, descriptor, temporary)
        }
        guard result == 0 else { throw .last("symlink", full(temporary)) }
        try replace(name, with: temporary)
    }

    /// Removes a file or link durably; one that is not there is no error.
    func remove(_ name: String) throws(FileError) {
        try unlink(name)
        try sync()
    }

    private func unlink(_ name: String) throws(FileError) {
        let result = DiskChange.perform(.unlink(full(name))) { unlinkat(descriptor, name, 0) }
        guard result == 0 || errno == ENOENT else { throw .last("unlink", full(name)) }
    }

    /// Gives a new file or link its name, which may be another's until then, atomically and durably.
    private func replace(_ name: String, with temporary: String) throws(FileError) {
        let result = DiskChange.perform(.rename(full(temporary), to: full(name))) {
            renameat(descriptor, temporary, descriptor, name)
        }
        guard result == 0 else {
            let error = FileError.last("rename", full(name))
            drop(temporary)
            throw error
        }
        try sync()
    }

    /// Renames a file or directory inside this directory; an existing target is an error.
    func rename(_ name: String, to other: String) throws(FileError) {
        let result = DiskChange.perform(.rename(full(name), to: full(other))) {
            fleet_rename_noreplace(descriptor, name, descriptor, other)
        }
        guard result == 0 else { throw .last("rename", full(other)) }
        try sync()
    }

    /// Gives each of two files or directories the other's name, at once and durably.
    func exchange(_ name: String, with other: String) throws(FileError) {
        let result = DiskChange.perform(.exchange(full(name), with: full(other))) {
            fleet_rename_exchange(descriptor, name, other)
        }
        guard result == 0 else { throw .last("exchange", full(name)) }
        try sync()
    }

    func exists(_ name: String) -> Bool { faccessat(descriptor, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0 }

    /// The whole content of a regular file, or nil when there is none of that name.
    func read(_ name: String, limit: Int = 16 << 20) throws(FileError) -> [UInt8]? {
        let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else {
            guard errno == ENOENT else { throw .last("open", full(name)) }
            return nil
        }
        defer { close(file) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while content.count <= limit {
            let count = Glibc.read(file, &chunk, chunk.count)
            guard count >= 0 else { throw .last("read", full(name)) }
            guard count > 0 else { return content }
            content.append(contentsOf: chunk[..<count])
        }
        throw FileError(operation: "read", path: full(name), errno: EFBIG)
    }

    /// The whole content of the file that `path` leads to, links followed.
    static func content(of path: String) throws(FileError) -> [UInt8] {
        guard let resolved = realpath(path, nil) else { throw .last("open", path) }
        defer { free(resolved) }
        let place = String(cString: resolved)
        let name = String(place.split(separator: "/").last ?? "")
        guard let bytes = try Self(path: String(place.dropLast(name.utf8.count + 1)) + "/").read(name) else {
            throw FileError(operation: "open", path: path, errno: ENOENT)
        }
        return bytes
    }

    /// Writes a whole file, atomically and durably.
    func write(_ name: String, _ content: [UInt8], mode: mode_t) throws(FileError) {
        let temporary = Self.temporary(name)
        try unlink(temporary)
        do throws(FileError) {
            try writeNew(temporary, content, mode: mode)
        } catch {
            drop(temporary)
            throw error
        }
        try replace(name, with: temporary)
    }

    /// What a name is made under before it takes its place.
    private static func temporary(_ name: String) -> String { ".\(name).new" }

    /// Removes what could not take its place; why it could not is what counts.
    private func drop(_ temporary: String) {
        _ = DiskChange.perform(.unlink(full(temporary))) { unlinkat(descriptor, temporary, 0) }
    }

    /// Removes what a crash has left of writing `name`; nothing there is no error.
    func removeTemporary(of name: String) throws(FileError) {
        let temporary = Self.temporary(name)
        guard exists(temporary) else { return }
        try remove(temporary)
    }

    private func writeNew(_ name: String, _ content: [UInt8], mode: mode_t) throws(FileError) {
        let path = full(name)
        let file = DiskChange.perform(.create(path, mode: mode)) {
            openat(descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        }
        guard file >= 0 else { throw .last("create", full(name)) }
        defer { close(file) }
        var rest = content[...]
        while !rest.isEmpty {
            let count = DiskChange.perform(.write(path, Array(rest))) {
                rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            }
            guard count > 0 else { throw .last("write", full(name)) }
            rest = rest.dropFirst(count)
        }
        guard DiskChange.perform(.setMode(path, mode), { fchmod(file, mode) }) == 0 else { throw .last("chmod", path) }
        guard DiskChange.perform(.syncFile(path), { fsync(file) }) == 0 else { throw .last("fsync", path) }
    }

    /// Names of all entries but `.` and `..`, sorted.
    func entries() throws(FileError) -> [String] {
        let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let stream = fdopendir(copy) else { throw .last("opendir", path) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Makes all changes of names in this directory durable.
    func sync() throws(FileError) {
        guard DiskChange.perform(.syncDirectory(path), { fsync(descriptor) }) == 0 else { throw .last("fsync", path) }
    }

    /// Makes everything written to this directory's file system durable (syncfs(2)); reports writeback errors once.
    func syncFileSystem() throws(FileError) {
        let result = DiskChange.perform(.syncFileSystem(path)) { fleet_syncfs(descriptor) }
        guard result == 0 else { throw .last("syncfs", path) }
    }

    /// Bytes free to ordinary users.
    func freeBytes() throws(FileError) -> Int64 { try space().free }

    /// Bytes free to ordinary users, and in all, on this directory's file system.
    func space() throws(FileError) -> (free: Int64, total: Int64) {
        var statistics = statvfs()
        guard fstatvfs(descriptor, &statistics) == 0 else { throw .last("statvfs", path) }
        let block = Int64(statistics.f_frsize)
        return (Int64(statistics.f_bavail) * block, Int64(statistics.f_blocks) * block)
    }
}
