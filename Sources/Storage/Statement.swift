internal import CSQLite

/// A prepared statement, checked out of its database's cache while it runs.
struct Statement: ~Copyable {
    let handle: OpaquePointer
    let path: String

    init(preparing sql: String, on database: OpaquePointer, path: String) throws(StorageError) {
        var handle: OpaquePointer?
        let result = sqlite3_prepare_v3(database, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard result == SQLITE_OK else {
            throw .sqlite(result, path: path, message: String(cString: sqlite3_errmsg(database)))
        }
        guard let handle else {
            throw StorageError(.statement, path: path, advice: "an empty statement is a mistake in Fleet")
        }
        self.handle = handle
        self.path = path
    }

    /// Takes a prepared handle back out of the cache.
    init(reusing handle: OpaquePointer, path: String) {
        self.handle = handle
        self.path = path
    }

    /// Sets the parameters `?1`, `?2`, …; their number must be the statement's.
    borrowing func bind(_ values: [Value]) throws(StorageError) {
        let expected = Int(sqlite3_bind_parameter_count(handle))
        guard values.count == expected else {
            let advice = "a statement with \(expected) parameters got \(values.count); this is a mistake in Fleet"
            throw StorageError(.statement, path: path, advice: advice)
        }
        for (index, value) in values.enumerated() {
            let result = bind(value, at: Int32(index + 1))
            guard result == SQLITE_OK else { throw error(result) }
        }
    }

    private borrowing func bind(_ value: Value, at index: Int32) -> Int32 {
        switch value {
        case .null:
            return sqlite3_bind_null(handle, index)
        case .integer(let number):
            return sqlite3_bind_int64(handle, index, number)
        case .text(let text):
            var text = text
            return text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { characters in
                    // A null pointer would bind NULL, which an empty text is not.
                    guard let base = characters.baseAddress else { return csqlite_bind_text(handle, index, "", 0) }
                    return csqlite_bind_text(handle, index, base, UInt64(characters.count))
                }
            }
        case .blob(let bytes):
            return bytes.withUnsafeBytes { buffer in
                guard let base = buffer.baseAddress, !buffer.isEmpty else {
                    return sqlite3_bind_zeroblob(handle, index, 0)
                }
                return csqlite_bind_blob(handle, index, base, UInt64(buffer.count))
            }
        }
    }

    /// Moves to the next row; false when there is none.
    borrowing func step() throws(StorageError) -> Bool {
        let result = sqlite3_step(handle)
        switch result {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let failure: throw error(failure)
        }
    }

    /// Makes the statement ready for its next use and forgets the bound values.
    borrowing func reset() {
        // The result repeats the error of the last step, which was thrown already.
        _ = sqlite3_reset(handle)
        _ = sqlite3_clear_bindings(handle)
    }

    private borrowing func error(_ result: Int32) -> StorageError {
        .sqlite(result, path: path, message: String(cString: sqlite3_errmsg(sqlite3_db_handle(handle))))
    }
}
