internal import CSQLite

extension Database {
    /// Runs `body` in one transaction: all of it is on disk when this returns, or nothing of it.
    ///
    /// The write lock is taken at once (IMMEDIATE), so what `body` reads cannot change before it writes.
    ///
    /// - Throws: what `body` throws, after rolling back; `storage.nested_transaction` inside another transaction.
    package func transaction<Result>(_ body: () throws -> Result) throws -> Result {
        guard !isInTransaction else {
            let advice = "a transaction inside a transaction is a mistake in Fleet"
            throw StorageError(.nestedTransaction, path: path, advice: advice)
        }
        try script("BEGIN IMMEDIATE")
        isInTransaction = true
        defer { isInTransaction = false }
        do {
            let result = try body()
            try script("COMMIT")
            return result
        } catch {
            rollBack()
            throw error
        }
    }

    /// Runs `body` in the transaction that is open, or in one of its own.
    func inTransaction<Result>(_ body: () throws -> Result) throws -> Result {
        isInTransaction ? try body() : try transaction(body)
    }

    /// SQLite rolls back by itself after some errors; then there is nothing left to do.
    private func rollBack() {
        guard sqlite3_get_autocommit(handle) == 0 else { return }
        let result = sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
        // The error that led here is the one to report; a rollback that fails only makes the connection useless.
        if result & 0xFF == SQLITE_IOERR {
            _ = note(.sqlite(result, path: path, message: String(cString: sqlite3_errmsg(handle))))
        }
    }
}
