internal import CSQLite

/// Why the database did not do what it was asked.
package struct StorageError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The file cannot be opened, read or written by this user.
        case inaccessible = "storage.inaccessible"
        /// A database of another program, or another one of ours.
        case foreignFile = "storage.foreign_file"
        /// Written by a newer version of this program.
        case newerSchema = "storage.newer_schema"
        /// The migrations in the file are not the ones that this program knows.
        case divergedSchema = "storage.diverged_schema"
        /// The file's content is damaged.
        case corrupt = "storage.corrupt"
        /// The disk failed to read or write; nothing may go on with this connection.
        case inputOutput = "storage.io"
        case diskFull = "storage.disk_full"
        /// Another connection held its lock for longer than the busy timeout.
        case busy = "storage.busy"
        case nestedTransaction = "storage.nested_transaction"
        /// The journal has grown since it was last read.
        case sequenceConflict = "storage.sequence_conflict"
        case constraint = "storage.constraint"
        /// A column holds another type than the one asked for.
        case columnType = "storage.column_type"
        /// SQL that SQLite refuses: a mistake in this program.
        case statement = "storage.statement"
        case targetExists = "storage.target_exists"
    }

    package let code: Code
    /// The database file.
    package let path: String
    /// What was found and what to do about it, shown to the operator as it stands.
    package let advice: String
    /// SQLite's extended result code, or 0 where the refusal is ours.
    package let result: Int32

    package init(_ code: Code, path: String, advice: String, result: Int32 = SQLITE_OK) {
        self.code = code
        self.path = path
        self.advice = advice
        self.result = result
    }

    package var description: String { "\(path): \(advice) [\(code.rawValue)]" }

    /// The process must end: what is on disk is known only after the file is opened anew.
    ///
    /// A failed fsync may have dropped pages that SQLite still believes in, so nothing is retried.
    package var isFatal: Bool { code == .inputOutput || code == .corrupt }

    /// What a result code of SQLite means for us; see sqlite.org/rescode.html.
    static func sqlite(_ result: Int32, path: String, message: String) -> Self {
        let (code, advice) = classification(of: result & 0xFF)
        return Self(code, path: path, advice: "\(message) (\(result)); \(advice)", result: result)
    }

    private static func classification(of primary: Int32) -> (Code, String) {
        switch primary {
        case SQLITE_IOERR: (.inputOutput, "the disk failed: look at 'dmesg', then start again")
        case SQLITE_CORRUPT, SQLITE_NOTADB: (.corrupt, "the file is damaged: restore it from a backup")
        case SQLITE_FULL: (.diskFull, "nothing was changed: free some space, then try again")
        case SQLITE_BUSY, SQLITE_LOCKED: (.busy, "another process holds the file: see 'fuser' on it")
        case SQLITE_CONSTRAINT: (.constraint, "nothing was changed")
        case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_READONLY, SQLITE_AUTH:
            (.inaccessible, "check that its directory exists and that this user may write there")
        default: (.statement, "this is a mistake in Fleet: please report it")
        }
    }
}
