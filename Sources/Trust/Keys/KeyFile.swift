import Glibc

/// Small files that trust rests on: bounded when read, whole or absent when written.
enum KeyFile {
    /// Far above any key, envelope or builder entry.
    static let maximumSize = 1 << 20

    /// The whole file.
    static func read(_ path: String) throws(TrustError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw .system(.fileUnreadable, path, "can't be opened") }
        defer { close(descriptor) }
        return try read(descriptor, path)
    }

    static func read(_ descriptor: Int32, _ path: String) throws(TrustError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw .system(.fileUnreadable, path, "can't be read")
            }
            bytes += buffer[..<count]
            guard bytes.count <= maximumSize else {
                throw TrustError(.fileUnreadable, path, "is larger than \(maximumSize) bytes, which no such file is")
            }
        }
    }

    /// Writes a new file under its final name only when it is whole and on disk.
    ///
    /// An existing file is never replaced: `link` fails where `rename` would destroy somebody's key.
    static func create(_ path: String, _ bytes: [UInt8], mode: mode_t) throws(TrustError) {
        let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
        let temporary = "\(directory).fleet-\(String(UInt64.random(in: 0...UInt64.max), radix: 16))"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(.fileUnwritable, path, "can't be created") }
        defer {
            close(descriptor)
            unlink(temporary)
        }
        guard write(bytes, to: descriptor), fchmod(descriptor, mode) == 0, fsync(descriptor) == 0 else {
            throw .system(.fileUnwritable, path, "can't be written")
        }
        guard link(temporary, path) == 0 else {
            guard errno != EEXIST else {
                throw TrustError(.fileUnwritable, path, "exists already and is not replaced: move it away first")
            }
            throw .system(.fileUnwritable, path, "can't be put in place")
        }
        let parent = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else { throw .system(.fileUnwritable, path, "is written, but its directory can't be synced") }
        defer { close(parent) }
        guard fsync(parent) == 0 else {
            throw .system(.fileUnwritable, path, "is written, but its directory not synced")
        }
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
