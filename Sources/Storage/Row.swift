internal import CSQLite

/// One row of a query; it cannot be kept, only read, because the next step overwrites it.
package struct Row: ~Copyable {
    private let handle: OpaquePointer
    private let path: String

    init(of statement: borrowing Statement) {
        handle = statement.handle
        path = statement.path
    }

    /// The integer in `column`, counted from 0.
    ///
    /// - Throws: `storage.column_type` for anything else, null included.
    package borrowing func integer(_ column: Int) throws(StorageError) -> Int64 {
        guard type(column) == SQLITE_INTEGER else { throw mismatch(column, expected: "an integer") }
        return sqlite3_column_int64(handle, Int32(column))
    }

    /// The text in `column`, which must be valid UTF-8.
    package borrowing func text(_ column: Int) throws(StorageError) -> String {
        guard type(column) == SQLITE_TEXT, let bytes = sqlite3_column_text(handle, Int32(column)),
            let text = String(
                validating: UnsafeBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(handle, Int32(column)))),
                as: UTF8.self
            )
        else { throw mismatch(column, expected: "text") }
        return text
    }

    /// The bytes in `column`.
    package borrowing func blob(_ column: Int) throws(StorageError) -> [UInt8] {
        guard type(column) == SQLITE_BLOB else { throw mismatch(column, expected: "bytes") }
        // SQLite answers a null pointer for zero bytes.
        guard let bytes = sqlite3_column_blob(handle, Int32(column)) else { return [] }
        return Array(UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(handle, Int32(column)))))
    }

    package borrowing func isNull(_ column: Int) -> Bool { type(column) == SQLITE_NULL }

    /// The integer in `column`, or nil for null.
    package borrowing func optionalInteger(_ column: Int) throws(StorageError) -> Int64? {
        isNull(column) ? nil : try integer(column)
    }

    /// The text in `column`, or nil for null.
    package borrowing func optionalText(_ column: Int) throws(StorageError) -> String? {
        isNull(column) ? nil : try text(column)
    }

    /// The bytes in `column`, or nil for null.
    package borrowing func optionalBlob(_ column: Int) throws(StorageError) -> [UInt8]? {
        isNull(column) ? nil : try blob(column)
    }

    private borrowing func type(_ column: Int) -> Int32 {
        precondition(0..<Int(sqlite3_data_count(handle)) ~= column, "the query has no such column")
        return sqlite3_column_type(handle, Int32(column))
    }

    private borrowing func mismatch(_ column: Int, expected: String) -> StorageError {
        let name = sqlite3_column_name(handle, Int32(column)).map { String(cString: $0) } ?? "\(column)"
        let advice =
            "column '\(name)' should hold \(expected) and does not; check the file with 'PRAGMA integrity_check'"
        return StorageError(.columnType, path: path, advice: advice)
    }
}
