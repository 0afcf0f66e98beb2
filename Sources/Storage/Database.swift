internal import CSQLite
internal import Glibc

/// One connection to one SQLite file, durable on every commit.
///
/// Not `Sendable`, on purpose: one actor or thread owns it. Several processes may open the same file; writers queue by
/// the busy timeout. After an I/O error the connection refuses everything, because a failed fsync leaves unknown what
/// is on disk: the process ends and starts again from the file.
package final class Database {
    package enum Access: Sendable {
        /// Creates the file with mode 0600 if there is none, and migrates it.
        case readWrite
        /// Never creates, never migrates; for looking at the state of a process that is down.
        case readOnly
    }

    /// How long a connection waits for another one's lock, in milliseconds: longer than any transaction of ours.
    package static let busyTimeout: Int32 = 5000
    /// More statements than the program has; past it the cache starts anew.
    private static let cachedStatements = 128

    package let path: String
    let handle: OpaquePointer
    private var cache: [String: OpaquePointer] = [:]
    private var failure: StorageError?
    var isInTransaction = false

    /// Opens `path`, checks that it is ours, and brings it to the newest schema.
    ///
    /// - Throws: `StorageError`; nothing in the file was changed unless it is ours.
    package init(path: String, schema: Schema, access: Access = .readWrite) throws {
        self.path = path
        handle = try Self.open(path, access: access)
        try configure()
        try adopt(schema, access: access)
    }

    deinit {
        for statement in cache.values { sqlite3_finalize(statement) }
        sqlite3_close_v2(handle)
    }

    static func open(_ path: String, access: Access) throws(StorageError) -> OpaquePointer {
        let flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        switch access {
        case .readWrite:
            create(path)
            return try open(path, flags: flags | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
        case .readOnly:
            return try open(path, flags: flags | SQLITE_OPEN_READONLY)
        }
    }

    /// SQLite would create the file readable by all; -wal and -shm take their mode from it.
    ///
    /// Only ever a new file: closing a descriptor of an existing one would drop this process's locks on it (fcntl(2)).
    private static func create(_ path: String) {
        let descriptor = Glibc.open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        // Exists, or cannot be made: then SQLite says why.
        guard descriptor >= 0 else { return }
        close(descriptor)
    }

    private static func open(_ path: String, flags: Int32) throws(StorageError) -> OpaquePointer {
        var handle: OpaquePointer?
        let result = sqlite3_open_v2(path, &handle, flags, nil)
        guard result == SQLITE_OK, let handle else {
            let message = handle.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(result))
            sqlite3_close_v2(handle)
            throw .sqlite(result, path: path, message: message)
        }
        return handle
    }

    /// Settings of the connection alone; what changes the file waits until the file is known to be ours.
    private func configure() throws(StorageError) {
        try check(sqlite3_busy_timeout(handle, Self.busyTimeout))
        try check(csqlite_set_defensive(handle))
        try script("PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
    }

    // MARK: Statements

    /// Runs one statement that answers no rows.
    ///
    /// - Returns: how many rows an INSERT, UPDATE or DELETE has changed.
    @discardableResult
    package func execute(_ sql: String, _ values: Value...) throws(StorageError) -> Int {
        try execute(sql, values)
    }

    @discardableResult
    package func execute(_ sql: String, _ values: [Value]) throws(StorageError) -> Int {
        let statement = try checkOut(sql)
        defer { checkIn(statement, sql) }
        do throws(StorageError) {
            try statement.bind(values)
            while try statement.step() {}
        } catch {
            throw note(error)
        }
        return Int(sqlite3_changes(handle))
    }

    /// Runs one statement and reads each row with `read`.
    package func query<Result>(
        _ sql: String,
        _ values: Value...,
        read: (borrowing Row) throws -> Result
    ) throws -> [Result] {
        try query(sql, values, read: read)
    }

    package func query<Result>(
        _ sql: String,
        _ values: [Value],
        read: (borrowing Row) throws -> Result
    ) throws -> [Result] {
        let statement = try checkOut(sql)
        defer { checkIn(statement, sql) }
        do {
            try statement.bind(values)
            var results: [Result] = []
            while try statement.step() { results.append(try read(Row(of: statement))) }
            return results
        } catch let error as StorageError {
            throw note(error)
        }
    }

    /// Runs one statement and reads its first row, or answers nil without one.
    package func first<Result>(
        _ sql: String,
        _ values: Value...,
        read: (borrowing Row) throws -> Result
    ) throws -> Result? {
        let statement = try checkOut(sql)
        defer { checkIn(statement, sql) }
        do {
            try statement.bind(values)
            return try statement.step() ? read(Row(of: statement)) : nil
        } catch let error as StorageError {
            throw note(error)
        }
    }

    /// Runs several statements without parameters or rows.
    func script(_ sql: String) throws(StorageError) {
        if let failure { throw failure }
        try check(sqlite3_exec(handle, sql, nil, nil, nil))
    }

    // MARK: Failures

    /// Throws unless `result` is success.
    func check(_ result: Int32) throws(StorageError) {
        guard result == SQLITE_OK else {
            throw note(.sqlite(result, path: path, message: String(cString: sqlite3_errmsg(handle))))
        }
    }

    /// Remembers an error after which nothing may go on with this connection.
    func note(_ error: StorageError) -> StorageError {
        if error.code == .inputOutput { failure = failure ?? error }
        return error
    }

    // MARK: Cache

    /// Takes the statement out of the cache while it runs, so that the same SQL may run inside its own loop.
    private func checkOut(_ sql: String) throws(StorageError) -> Statement {
        if let failure { throw failure }
        if let cached = cache.removeValue(forKey: sql) { return Statement(reusing: cached, path: path) }
        do throws(StorageError) {
            return try Statement(preparing: sql, on: handle, path: path)
        } catch {
            throw note(error)
        }
    }

    private func checkIn(_ statement: borrowing Statement, _ sql: String) {
        statement.reset()
        if cache.count >= Self.cachedStatements {
            for old in cache.values { sqlite3_finalize(old) }
            cache.removeAll()
        }
        if let double = cache.updateValue(statement.handle, forKey: sql) { sqlite3_finalize(double) }
    }
}
