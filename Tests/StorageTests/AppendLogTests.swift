import Foundation
import Storage
import Testing

struct AppendLogTests {
    let log = Schema.journal

    @Test("Records come back in order with their exact bytes")
    func order() throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.database, schema: .sample)
        #expect(try log.last(in: database) == 0)
        let last = try log.append([[], [0, 1], [UInt8]("zwei")], after: 0, to: database)
        #expect(last == 3)
        #expect(try log.append([[9]], after: last, to: database) == 4)
        #expect(try log.entries(in: database).map(\.record) == [[], [0, 1], [UInt8]("zwei"), [9]])
        #expect(try log.entries(in: database, after: 1, limit: 2).map(\.sequence) == [2, 3])
    }

    @Test("Streams of one table are numbered apart")
    func streams() throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.database, schema: .sample)
        let web = AppendLog(table: "journal", stream: "web")
        let worker = AppendLog(table: "journal", stream: "worker")
        try web.append([[1], [2]], after: 0, to: database)
        try worker.append([[3]], after: 0, to: database)
        #expect(try web.last(in: database) == 2)
        #expect(try worker.entries(in: database).map(\.record) == [[3]])
    }

    @Test("Of two writers that have read the same, the second is refused and nothing of it stays")
    func conflict() throws {
        let scratch = try Scratch()
        let one = try Database(path: scratch.database, schema: .sample)
        let two = try Database(path: scratch.database, schema: .sample)
        let seen = try log.last(in: two)
        try log.append([[1]], after: log.last(in: one), to: one)
        #expect(code { try log.append([[2], [3]], after: seen, to: two) } == .sequenceConflict)
        #expect(code { try log.append([[2]], after: 7, to: two) } == .sequenceConflict)
        #expect(try log.entries(in: two).map(\.record) == [[1]])
        try log.append([[2]], after: log.last(in: two), to: two)
        #expect(try log.last(in: one) == 2)
    }

    @Test("Inside a transaction an append shares its fate")
    func withinTransaction() throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.database, schema: .sample)
        let found = code {
            try database.transaction {
                try database.execute("INSERT INTO notes (body) VALUES ('effect')")
                try log.append([[1]], after: 0, to: database)
                try log.append([[2]], after: 0, to: database)
            }
        }
        #expect(found == .sequenceConflict)
        #expect(try log.last(in: database) == 0)
        #expect(try database.first("SELECT count(*) FROM notes") { row in try row.integer(0) } == 0)
    }

    @Test("Records can neither be changed nor deleted")
    func appendOnly() throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.database, schema: .sample)
        try log.append([[1], [2]], after: 0, to: database)
        #expect(code { try database.execute("UPDATE journal SET record = x'00'") } == .constraint)
        #expect(code { try database.execute("DELETE FROM journal") } == .constraint)
        #expect(code { try log.prune(through: 1, in: database) } == .constraint)
        #expect(try log.entries(in: database).map(\.record) == [[1], [2]])
    }

    @Test("Pruning keeps the newest record, so that its number is never given twice")
    func prune() throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.database, schema: .sample)
        let trail = AppendLog(table: "trail", stream: "web")
        try trail.append([[1], [2], [3]], after: 0, to: database)
        try trail.prune(through: 2, in: database)
        #expect(try trail.entries(in: database).map(\.sequence) == [3])
        try trail.prune(through: .max, in: database)
        #expect(try trail.append([[4]], after: 3, to: database) == 4)
    }
}
