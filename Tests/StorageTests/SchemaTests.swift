import Foundation
import Storage
import Testing

struct SchemaTests {
    @Test("Opening twice migrates once; new migrations run on an old file")
    func migration() throws {
        let scratch = try Scratch()
        let first = Schema(applicationID: 7, migrations: [Migration(name: "a", sql: "CREATE TABLE a (x)")])
        try Database(path: scratch.database, schema: first).execute("INSERT INTO a VALUES (1)")
        try Database(path: scratch.database, schema: first).execute("INSERT INTO a VALUES (2)")
        let second = Schema(
            applicationID: 7,
            migrations: first.migrations + [
                Migration(name: "b", sql: "CREATE TABLE b (y); INSERT INTO b SELECT x FROM a")
            ]
        )
        let database = try Database(path: scratch.database, schema: second)
        #expect(try database.first("SELECT count(*) FROM b") { row in try row.integer(0) } == 2)
    }

    @Test("A migration that fails leaves the schema as it was")
    func failedMigration() throws {
        let scratch = try Scratch()
        let first = Schema(applicationID: 7, migrations: [Migration(name: "a", sql: "CREATE TABLE a (x)")])
        _ = try Database(path: scratch.database, schema: first)
        let broken = Schema(
            applicationID: 7,
            migrations: first.migrations + [Migration(name: "b", sql: "CREATE TABLE b (y); SELECT nonsense")]
        )
        #expect(code { _ = try Database(path: scratch.database, schema: broken) } == .statement)
        let database = try Database(path: scratch.database, schema: first)
        #expect(try database.query("SELECT name FROM sqlite_schema WHERE name = 'b'") { row in try row.text(0) } == [])
    }

    @Test("A file of a newer version is refused and left as it is", arguments: [Database.Access.readWrite, .readOnly])
    func newer(_ access: Database.Access) throws {
        let scratch = try Scratch()
        let newer = Schema(applicationID: 7, migrations: [Migration(name: "from_tomorrow", sql: "CREATE TABLE a (x)")])
        _ = try Database(path: scratch.database, schema: newer)
        let older = Schema(applicationID: 7, migrations: [])
        let error = try #require(throws: StorageError.self) {
            _ = try Database(path: scratch.database, schema: older, access: access)
        }
        #expect(error.code == .newerSchema)
        #expect(error.advice.contains("from_tomorrow"))
    }

    @Test("A file whose kind only ever grows is used by older versions too, and grows on afterwards")
    func newerUsed() throws {
        let scratch = try Scratch()
        let added = Migration(name: "add_b", sql: "CREATE TABLE b (x)")
        let first = Migration(name: "add_a", sql: "CREATE TABLE a (x)")
        let newer = Schema(applicationID: 7, migrations: [first, added], newer: .used)
        let older = Schema(applicationID: 7, migrations: [first], newer: .used)
        _ = try Database(path: scratch.database, schema: newer)
        try Database(path: scratch.database, schema: older).execute("INSERT INTO a VALUES (1)")
        _ = try Database(path: scratch.database, schema: older, access: .readOnly)
        let again = try Database(path: scratch.database, schema: newer)
        #expect(try again.query("SELECT x FROM a") { row in try row.integer(0) } == [1])
        #expect(try again.query("SELECT name FROM migrations") { row in try row.text(0) } == ["add_a", "add_b"])
        let other = Schema(applicationID: 7, migrations: [added], newer: .used)
        #expect(code { _ = try Database(path: scratch.database, schema: other) } == .divergedSchema)
    }

    @Test("A file whose history is another one is refused")
    func diverged() throws {
        let scratch = try Scratch()
        _ = try Database(
            path: scratch.database,
            schema: Schema(applicationID: 7, migrations: [Migration(name: "a", sql: "CREATE TABLE a (x)")])
        )
        let other = Schema(applicationID: 7, migrations: [Migration(name: "b", sql: "CREATE TABLE b (x)")])
        #expect(code { _ = try Database(path: scratch.database, schema: other) } == .divergedSchema)
    }

    @Test("A database of another program is refused without a byte changed", arguments: [0, 42])
    func foreign(_ applicationID: Int) throws {
        let scratch = try Scratch()
        let process = try Process.run(
            URL(fileURLWithPath: "/usr/bin/env"),
            arguments: [
                "sqlite3", scratch.database, "PRAGMA application_id = \(applicationID); CREATE TABLE theirs (x)",
            ]
        )
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        let before = try Data(contentsOf: URL(fileURLWithPath: scratch.database))
        #expect(code { _ = try Database(path: scratch.database, schema: .sample) } == .foreignFile)
        #expect(code { _ = try Database.openSettingAside(path: scratch.database, schema: .sample) } == .foreignFile)
        #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.database)) == before)
        #expect(try scratch.files == ["test.db"])
    }

    @Test("A reader sees what the writer commits, and cannot write")
    func readOnly() throws {
        let scratch = try Scratch()
        let writer = try Database(path: scratch.database, schema: .sample)
        let reader = try Database(path: scratch.database, schema: .sample, access: .readOnly)
        try writer.execute("INSERT INTO notes (body) VALUES ('seen')")
        #expect(try reader.query("SELECT body FROM notes") { row in try row.text(0) } == ["seen"])
        #expect(code { try reader.execute("DELETE FROM notes") } == .inaccessible)
    }

    @Test("A reader does not create a file")
    func readOnlyWithoutFile() throws {
        let scratch = try Scratch()
        #expect(
            code { _ = try Database(path: scratch.database, schema: .sample, access: .readOnly) } == .inaccessible
        )
        #expect(try scratch.files == [])
    }
}
