import Foundation
import Glibc
import Storage
import Testing

/// What other processes, and the end of this one, do to a database.
struct ProcessTests {
    @Test("After kill -9 inside a transaction, all acknowledged appends are there and nothing else")
    func killed() async throws {
        let scratch = try Scratch()
        let path = scratch.database
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let database = try Database(path: path, schema: .sample)
            for number in 0..<50 {
                try Schema.journal.append([[UInt8(number)], [UInt8(number)]], after: Int64(2 * number), to: database)
            }
            try database.transaction {
                try Schema.journal.append([[99]], after: 100, to: database)
                kill(getpid(), SIGKILL)
            }
        }
        let database = try Database(path: path, schema: .sample)
        let entries = try Schema.journal.entries(in: database)
        #expect(entries.map(\.record) == (0..<50).flatMap { [[UInt8($0)], [UInt8($0)]] })
        #expect(try database.integrityProblems() == [])
        #expect(try Schema.journal.append([[100]], after: 100, to: database) == 101)
    }

    @Test("A second process that has read less is refused")
    func twoProcesses() async throws {
        let scratch = try Scratch()
        let path = scratch.database
        let database = try Database(path: path, schema: .sample)
        try Schema.journal.append([[1]], after: 0, to: database)
        await #expect(processExitsWith: .exitCode(42)) { [path = path as String] in
            let other = try Database(path: path, schema: .sample)
            guard code(of: { try Schema.journal.append([[2]], after: 0, to: other) }) == .sequenceConflict else {
                exit(1)
            }
            try Schema.journal.append([[3]], after: 1, to: other)
            exit(42)
        }
        #expect(try Schema.journal.entries(in: database).map(\.record) == [[1], [3]])
    }

    @Test("A writer that waits longer than the busy timeout is told so")
    func busy() throws {
        let scratch = try Scratch()
        let one = try Database(path: scratch.database, schema: .sample)
        let two = try Database(path: scratch.database, schema: .sample)
        _ = try two.first("PRAGMA busy_timeout = 1") { row in try row.integer(0) }
        try one.transaction {
            #expect(code { try two.transaction {} } == .busy)
        }
        try two.transaction {}
    }

    @Test("After an I/O error the connection refuses everything, and the file is whole")
    func inputOutputError() async throws {
        let scratch = try Scratch()
        let path = scratch.database
        await #expect(processExitsWith: .exitCode(42)) { [path = path as String] in
            let database = try Database(path: path, schema: .sample)
            try Schema.journal.append([[1]], after: 0, to: database)
            // The kernel now refuses to let any file grow past 64 KiB: EFBIG, an I/O error for SQLite.
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 65_536, rlim_max: 65_536)
            guard setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { exit(1) }
            let large = [UInt8](repeating: 7, count: 200_000)
            do {
                try Schema.journal.append([large], after: 1, to: database)
                exit(2)
            } catch let error as StorageError {
                guard error.code == .inputOutput, error.isFatal else { exit(3) }
            }
            guard code(of: { try database.transaction {} }) == .inputOutput else { exit(4) }
            guard code(of: { _ = try Schema.journal.last(in: database) }) == .inputOutput else { exit(5) }
            exit(42)
        }
        let database = try Database(path: path, schema: .sample)
        #expect(try Schema.journal.entries(in: database).map(\.record) == [[1]])
    }
}
