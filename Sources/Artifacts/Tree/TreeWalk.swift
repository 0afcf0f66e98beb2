package import Glibc

/// Lists everything beneath a directory without following a link.
package enum TreeWalk {
    /// What a directory holds under one path.
    package struct Entry {
        /// Relative to the root, as the filesystem has it.
        package let path: [UInt8]
        package let status: stat
    }

    /// All entries, sorted by the bytes of their paths, so parents come before what they hold.
    package static func entries(of root: OpenFile) throws(ArtifactError) -> [Entry] {
        var entries: [Entry] = []
        var pending: [[UInt8]] = [[]]
        while let directory = pending.popLast() {
            for name in try names(in: directory, of: root) {
                let path = directory.isEmpty ? name : directory + [UInt8(ascii: "/")] + name
                var status = stat()
                let result = withCString(path) { fstatat(root.descriptor, $0, &status, AT_SYMLINK_NOFOLLOW) }
                guard result == 0 else { throw .system("fstatat", String(decoding: path, as: UTF8.self)) }
                entries.append(Entry(path: path, status: status))
                if status.st_mode & S_IFMT == S_IFDIR { pending.append(path) }
            }
        }
        return entries.sorted { $0.path.lexicographicallyPrecedes($1.path) }
    }

    /// Where a symbolic link points.
    package static func target(of link: Entry, in root: OpenFile) throws(ArtifactError) -> [UInt8] {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = withCString(link.path) { readlinkat(root.descriptor, $0, &buffer, buffer.count) }
        guard count >= 0 else { throw .system("readlinkat", String(decoding: link.path, as: UTF8.self)) }
        return buffer.prefix(count).map { UInt8(bitPattern: $0) }
    }

    private static func names(in directory: [UInt8], of root: OpenFile) throws(ArtifactError) -> [[UInt8]] {
        let path = directory.isEmpty ? Array(".".utf8) : directory
        let file = try OpenFile(in: root, name: path, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        guard let stream = fdopendir(file.release()) else {
            throw .system("fdopendir", String(decoding: path, as: UTF8.self))
        }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if !name.elementsEqual(".".utf8), !name.elementsEqual("..".utf8) { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw .system("readdir", String(decoding: path, as: UTF8.self)) }
        return names
    }
}
