internal import CSQLite
internal import Glibc

extension Database {
    /// Writes a consistent copy to `target` while others may go on writing; see sqlite.org/backup.html.
    ///
    /// The copy is one file of mode 0600 that opens without its journal, and stands under its name only when it is
    /// complete and on disk.
    ///
    /// - Throws: `storage.target_exists` rather than overwrite an older backup.
    package func backup(to target: String) throws(StorageError) {
        guard access(target, F_OK) != 0 else { throw exists(target) }
        let partial = "\(target).partial"
        // Left by a backup that was interrupted; only ever half a copy.
        unlink(partial)
        try copy(to: partial)
        try Self.settle(partial)
        guard link(partial, target) == 0 else {
            let error = errno == EEXIST ? exists(target) : Self.systemError(target, "the backup cannot be named", errno)
            unlink(partial)
            throw error
        }
        unlink(partial)
        try Self.settle(Self.directory(of: target))
    }

    private func copy(to partial: String) throws(StorageError) {
        let copy = try Self.open(partial, access: .readWrite)
        defer { sqlite3_close_v2(copy) }
        guard let backup = sqlite3_backup_init(copy, "main", handle, "main") else {
            throw Self.error(of: copy, path: partial)
        }
        var result = sqlite3_backup_step(backup, -1)
        while result == SQLITE_BUSY || result == SQLITE_LOCKED {
            sqlite3_sleep(10)
            result = sqlite3_backup_step(backup, -1)
        }
        sqlite3_backup_finish(backup)
        guard result == SQLITE_DONE else { throw Self.error(of: copy, path: partial) }
        guard sqlite3_exec(copy, "PRAGMA journal_mode = DELETE", nil, nil, nil) == SQLITE_OK else {
            throw Self.error(of: copy, path: partial)
        }
    }

    /// What is wrong inside the file, as SQLite words it; empty if nothing is.
    ///
    /// Reads everything: seconds for a large ledger.
    package func integrityProblems() throws -> [String] {
        try query("PRAGMA integrity_check(20)") { row in try row.text(0) }.filter { $0 != "ok" }
    }

    private func exists(_ target: String) -> StorageError {
        StorageError(.targetExists, path: target, advice: "there is a file already; name another one")
    }

    private static func error(of handle: OpaquePointer, path: String) -> StorageError {
        .sqlite(sqlite3_extended_errcode(handle), path: path, message: String(cString: sqlite3_errmsg(handle)))
    }

    /// Forces a file or directory to disk.
    private static func settle(_ path: String) throws(StorageError) {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw systemError(path, "cannot be opened", errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw systemError(path, "cannot be written to disk", errno) }
    }

    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func systemError(_ path: String, _ finding: String, _ number: Int32) -> StorageError {
        StorageError(.inaccessible, path: path, advice: "\(finding): \(String(cString: strerror(number)))")
    }
}
