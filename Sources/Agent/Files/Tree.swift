internal import Glibc

/// Whole directory trees.
enum Tree {
    /// Deletes a tree without following links or leaving it; one that is not there is no error.
    static func remove(_ name: String, in directory: borrowing Directory) throws(FileError) {
        let result = DiskChange.perform(.unlink(directory.full(name))) { unlinkat(directory.descriptor, name, 0) }
        guard result != 0, errno != ENOENT else { return }
        guard errno == EISDIR || errno == EPERM else { throw .last("unlink", directory.full(name)) }
        try removeDirectory(name, in: directory)
    }

    private static func removeDirectory(_ name: String, in directory: borrowing Directory) throws(FileError) {
        // A release's directories are read-only; their owner may change that.
        _ = DiskChange.perform(.setMode(directory.full(name), 0o700)) {
            fchmodat(directory.descriptor, name, 0o700, 0)
        }
        do {
            let inner = try Directory(path: directory.full(name))
            for entry in try inner.entries() { try remove(entry, in: inner) }
        }
        let result = DiskChange.perform(.removeDirectory(directory.full(name))) {
            unlinkat(directory.descriptor, name, AT_REMOVEDIR)
        }
        guard result == 0 || errno == ENOENT else { throw .last("rmdir", directory.full(name)) }
    }
}
