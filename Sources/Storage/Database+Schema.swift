internal import CSQLite

extension Database {
    /// Checks that the file is of `schema`'s kind, then runs the migrations that it has not seen.
    func adopt(_ schema: Schema, access: Access) throws {
        let isNew = try pragma("application_id") == 0 && pragma("page_count") == 0
        if !isNew { try checkKind(schema) }
        guard access == .readWrite else {
            if isNew { throw foreign("is empty") }
            try checkHistory(schema, applied: appliedMigrations())
            return
        }
        // From here on the file is known to be ours, or new.
        try script("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
        guard try isCurrent(schema) else { return try migrate(schema) }
    }

    private func checkKind(_ schema: Schema) throws {
        let found = try pragma("application_id")
        guard found == Int64(schema.applicationID) else {
            throw foreign("has application id \(found) instead of \(schema.applicationID)")
        }
    }

    private func foreign(_ finding: String) -> StorageError {
        let advice = "this is a database of something else: it \(finding); name another file"
        return StorageError(.foreignFile, path: path, advice: advice)
    }

    private func isCurrent(_ schema: Schema) throws -> Bool {
        guard try pragma("application_id") != 0 else { return false }
        let applied = try appliedMigrations()
        try checkHistory(schema, applied: applied)
        return applied.count >= schema.migrations.count
    }

    /// One transaction, and a second look inside it: another process may be migrating the same file.
    private func migrate(_ schema: Schema) throws {
        try transaction {
            if try pragma("application_id") == 0 {
                try script("PRAGMA application_id = \(schema.applicationID)")
                try script("CREATE TABLE migrations (position INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT")
            }
            let applied = try appliedMigrations()
            try checkHistory(schema, applied: applied)
            for (position, migration) in schema.migrations.enumerated().dropFirst(applied.count) {
                try script(migration.sql)
                let note = "INSERT INTO migrations (position, name) VALUES (?1, ?2)"
                try execute(note, .integer(Int64(position)), .text(migration.name))
            }
        }
    }

    private func checkHistory(_ schema: Schema, applied: [String]) throws {
        let known = schema.migrations.map(\.name)
        for (found, expected) in zip(applied, known) where found != expected {
            let advice =
                "its migration '\(found)' stands where this program has '\(expected)'; use the program that made it"
            throw StorageError(.divergedSchema, path: path, advice: advice)
        }
        guard applied.count <= known.count || schema.newer == .used else {
            let advice = "a newer version wrote it (migration '\(applied[known.count])'); upgrade this program"
            throw StorageError(.newerSchema, path: path, advice: advice)
        }
    }

    private func appliedMigrations() throws -> [String] {
        try query("SELECT name FROM migrations ORDER BY position") { row in try row.text(0) }
    }

    private func pragma(_ name: String) throws -> Int64 {
        try first("PRAGMA \(name)") { row in try row.integer(0) } ?? 0
    }
}
