import Foundation
import Glibc
import Storage
import Testing

struct DiskFullTests {
    @Test("A full database says so, keeps what it has, and goes on when there is room")
    func pageLimit() throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.database, schema: .sample)
        try Schema.journal.append([[1]], after: 0, to: database)
        _ = try database.first("PRAGMA max_page_count = 20") { row in try row.integer(0) }
        let large = [UInt8](repeating: 7, count: 200_000)
        #expect(code { try Schema.journal.append([[2], large], after: 1, to: database) } == .diskFull)
        #expect(try Schema.journal.entries(in: database).map(\.record) == [[1]])
        _ = try database.first("PRAGMA max_page_count = 2000") { row in try row.integer(0) }
        #expect(try Schema.journal.append([[2], large], after: 1, to: database) == 3)
    }

    @Test("On a full disk an append fails whole, and works again when there is room", .enabled(if: geteuid() == 0))
    func fullFileSystem() throws {
        let scratch = try Scratch()
        guard mount("tmpfs", scratch.directory, "tmpfs", 0, "size=1m") == 0 else {
            // Root in a container may still not mount; the test above covers the code path.
            return
        }
        defer { umount2(scratch.directory, Int32(MNT_DETACH)) }
        let ballast = scratch.directory + "/ballast"
        let database = try Database(path: scratch.database, schema: .sample)
        try Schema.journal.append([[1]], after: 0, to: database)
        try fill(ballast)
        let large = [UInt8](repeating: 7, count: 100_000)
        #expect(code { try Schema.journal.append([large], after: 1, to: database) } == .diskFull)
        try FileManager.default.removeItem(atPath: ballast)
        #expect(try Schema.journal.append([large], after: 1, to: database) == 2)
        #expect(try database.integrityProblems() == [])
    }

    /// Writes until the disk has no room left.
    private func fill(_ path: String) throws {
        let descriptor = open(path, O_CREAT | O_WRONLY, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let page = [UInt8](repeating: 0, count: 4096)
        while write(descriptor, page, page.count) > 0 {}
        try #require(errno == ENOSPC)
    }
}
