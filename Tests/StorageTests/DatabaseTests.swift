import Foundation
import Storage
import Testing

struct DatabaseTests {
    @Test("Every kind of value comes back as it was written")
    func values() throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.database, schema: .sample)
        try database.execute("CREATE TABLE everything (a INTEGER, b TEXT, c BLOB, d TEXT)")
        let rows: [(Int64, String, [UInt8])] = [
            (.min, "", []), (.max, "a\0b ü 🙂", [0, 255, 0]), (0, String(repeating: "x", count: 70_000), [1]),
        ]
        for row in rows {
            let sql = "INSERT INTO everything VALUES (?1, ?2, ?3, ?4)"
            #expect(try database.execute(sql, .integer(row.0), .text(row.1), .blob(row.2), nil) == 1)
        }
        let found = try database.query("SELECT a, b, c, d FROM everything ORDER BY rowid") { row in
            #expect(try row.optionalText(3) == nil)
            return try (row.integer(0), row.text(1), row.blob(2))
        }
        #expect(found.map(\.0) == rows.map(\.0))
        #expect(found.map(\.1) == rows.map(\.1))
        #expect(found.map(\.2) == rows.map(\.2))
    }

    @Test("A column of another type is refused by its name")
    func columnType() throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.database, schema: .sample)
        let error = try #require(throws: StorageError.self) {
            try database.query("SELECT 'text' AS answer") { row in try row.integer(0) }
        }
        #expect(error.code == .columnType)
        #expect(error.advice.contains("'answer'"))
    }

    @Test("The same statement runs inside its own loop")
    func reentrance() throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.database, schema: .sample)
        for id in 1...3 { try database.execute("INSERT INTO notes (id) VALUES (?1)", .integer(Int64(id))) }
        let sql = "SELECT id FROM notes ORDER BY id"
        let counts = try database.query(sql) { _ in
            try database.query(sql) { row in try row.integer(0) }.count
        }
        #expect(counts == [3, 3, 3])
    }

    @Test("Every commit waits for the disk, and the file is for its owner only")
    func settings() throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.database, schema: .sample)
        #expect(try database.first("PRAGMA synchronous") { row in try row.integer(0) } == 2)
        #expect(try database.first("PRAGMA journal_mode") { row in try row.text(0) } == "wal")
        #expect(try database.first("PRAGMA foreign_keys") { row in try row.integer(0) } == 1)
        for file in try scratch.files {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(scratch.directory)/\(file)")
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(file)")
        }
    }

    @Test("A transaction that throws leaves nothing behind, and the next one works")
    func rollback() throws {
        struct Interruption: Error {}
        let scratch = try Scratch()
        let database = try Database(path: scratch.database, schema: .sample)
        #expect(throws: Interruption.self) {
            try database.transaction {
                try database.execute("INSERT INTO notes (body) VALUES ('lost')")
                throw Interruption()
            }
        }
        try database.transaction { _ = try database.execute("INSERT INTO notes (body) VALUES ('kept')") }
        #expect(try database.query("SELECT body FROM notes") { row in try row.text(0) } == ["kept"])
    }

    @Test("A transaction inside a transaction is refused, and the outer one is rolled back")
    func nested() throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.database, schema: .sample)
        let found = code {
            try database.transaction {
                try database.execute("INSERT INTO notes (body) VALUES ('lost')")
                try database.transaction {}
            }
        }
        #expect(found == .nestedTransaction)
        #expect(try database.first("SELECT count(*) FROM notes") { row in try row.integer(0) } == 0)
    }

    @Test("A broken constraint and broken SQL have codes of their own")
    func codes() throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.database, schema: .sample)
        try database.execute("INSERT INTO notes (id) VALUES (1)")
        #expect(code { try database.execute("INSERT INTO notes (id) VALUES (1)") } == .constraint)
        #expect(code { try database.execute("SELEKT 1") } == .statement)
        #expect(code { try database.execute("INSERT INTO notes (id) VALUES (?1)") } == .statement)
        #expect(code { _ = try Database(path: "/nonexistent/x.db", schema: .sample) } == .inaccessible)
    }
}
