internal import Glibc

extension Database {
    /// Opens `path`; a damaged file is moved out of the way, never destroyed, and an empty one takes its place.
    ///
    /// For state that can be found out again, such as an agent's; never for a ledger, which is restored from a backup.
    /// A foreign or newer file is refused as always: somebody can read it.
    ///
    /// - Returns: the database, and where the damaged file went if there was one.
    package static func openSettingAside(
        path: String,
        schema: Schema
    ) throws -> (database: Database, setAside: String?) {
        do {
            let database = try Database(path: path, schema: schema)
            let problems = try database.query("PRAGMA quick_check(1)") { row in try row.text(0) }
            if problems == ["ok"] { return (database, nil) }
        } catch let error as StorageError where error.code == .corrupt {
            // Falls through to setting it aside; the failed connection is closed by now.
        }
        let place = try setAside(path)
        return (try Database(path: path, schema: schema), place)
    }

    /// Renames the file and its journals to the first free `PATH.unreadable-N`.
    private static func setAside(_ path: String) throws(StorageError) -> String {
        for number in 1...1000 {
            let place = "\(path).unreadable-\(number)"
            // A link never replaces, which a rename would.
            guard link(path, place) == 0 else {
                if errno == EEXIST { continue }
                throw systemError(path, "cannot be set aside", errno)
            }
            for suffix in ["-wal", "-shm"] where access(path + suffix, F_OK) == 0 {
                guard rename(path + suffix, place + suffix) == 0 else {
                    throw systemError(path + suffix, "cannot be set aside", errno)
                }
            }
            guard unlink(path) == 0 else { throw systemError(path, "cannot be set aside", errno) }
            return place
        }
        throw StorageError(.targetExists, path: path, advice: "1,000 unreadable files lie beside it; move them away")
    }
}
