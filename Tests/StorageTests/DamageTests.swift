import Foundation
import Storage
import Testing

struct DamageTests {
    @Test("A file that is no database is refused as damaged")
    func garbage() throws {
        let scratch = try Scratch()
        try Data("this is no database, and it is long enough to look at".utf8).write(
            to: URL(fileURLWithPath: scratch.database)
        )
        let error = try #require(throws: StorageError.self) { try Database(path: scratch.database, schema: .sample) }
        #expect(error.code == .corrupt)
        #expect(error.isFatal)
    }

    @Test("A damaged file is set aside with every byte, and an empty one takes its place")
    func setAside() throws {
        let scratch = try Scratch()
        let garbage = Data("this is no database, and it is long enough to look at".utf8)
        for number in 1...2 {
            try garbage.write(to: URL(fileURLWithPath: scratch.database))
            let (database, place) = try Database.openSettingAside(path: scratch.database, schema: .sample)
            #expect(place == "\(scratch.database).unreadable-\(number)")
            #expect(try Data(contentsOf: URL(fileURLWithPath: #require(place))) == garbage)
            #expect(try Schema.journal.last(in: database) == 0)
        }
    }

    @Test("A damaged page is found by the check and set aside")
    func damagedPage() throws {
        let scratch = try Scratch()
        try fillJournal(scratch.database)
        let file = try #require(FileHandle(forUpdatingAtPath: scratch.database))
        let end = try file.seekToEnd()
        for offset in stride(from: UInt64(8192), to: end, by: 4096) {
            try file.seek(toOffset: offset)
            try file.write(contentsOf: Data(repeating: 0xA5, count: 64))
        }
        try file.close()
        let (database, place) = try Database.openSettingAside(path: scratch.database, schema: .sample)
        #expect(place != nil)
        #expect(try database.integrityProblems() == [])
    }

    @Test("A healthy file stays where it is")
    func healthy() throws {
        let scratch = try Scratch()
        try fillJournal(scratch.database)
        let (database, place) = try Database.openSettingAside(path: scratch.database, schema: .sample)
        #expect(place == nil)
        #expect(try Schema.journal.last(in: database) == 200)
    }

    @Test("A backup is one file that opens with everything in it, taken while a writer goes on")
    func backup() throws {
        let scratch = try Scratch()
        try fillJournal(scratch.database)
        let database = try Database(path: scratch.database, schema: .sample)
        let writer = try Database(path: scratch.database, schema: .sample)
        try Schema.journal.append([[1]], after: 200, to: writer)
        let target = scratch.directory + "/backup.db"
        try database.backup(to: target)
        try Schema.journal.append([[2]], after: 201, to: writer)
        #expect(try scratch.files.filter { $0.hasPrefix("backup") } == ["backup.db"])

        let restored = try Database(path: target, schema: .sample)
        #expect(try restored.integrityProblems() == [])
        #expect(try Schema.journal.last(in: restored) == 201)
        #expect(try Schema.journal.append([[3]], after: 201, to: restored) == 202)
        #expect(code { try database.backup(to: target) } == .targetExists)
    }

    private func fillJournal(_ path: String) throws {
        let database = try Database(path: path, schema: .sample)
        let records = (0..<200).map { number in [UInt8](repeating: UInt8(number), count: 1000) }
        try Schema.journal.append(records, after: 0, to: database)
    }
}
