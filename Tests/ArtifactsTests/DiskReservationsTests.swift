import Glibc
import Model
import Testing

@testable import Artifacts

struct DiskReservationsTests {
    /// A file system of 24 MiB.
    private func small() throws -> Workplace {
        let place = try Workplace()
        try place.shell("mkdir m; mount -t tmpfs -o size=24m tmpfs m")
        return place
    }

    @Test("What one was promised is not free for another, until it has grown or will not", .enabled(if: geteuid() == 0))
    func promises() throws {
        let place = try small()
        defer { _ = try? place.shell("umount -l m") }  // the scratch directory's removal would fail loudly
        let reservations = DiskReservations()
        let root = try place.file("m", flags: O_RDONLY | O_DIRECTORY)
        func reserve(_ mebibytes: Int64, for name: String) throws(ArtifactError) {
            try reservations.reserve(
                .mebibytes(mebibytes),
                for: "\(place.path)/m/\(name)",
                keepingFree: .mebibytes(4),
                at: root,
                path: "m"
            )
        }
        try reserve(12, for: "one")
        let error = #expect(throws: ArtifactError.self) { try reserve(12, for: "two") }
        #expect(error?.code == .diskFull)
        #expect(error?.advice.contains("24 MiB free, 12 MiB of it promised to other preparations") == true)
        #expect(error?.advice.contains("12 MiB are needed and 4 MiB stay in reserve") == true)
        try reserve(12, for: "one")  // the same again takes no more
        try reserve(8, for: "two")
        reservations.release("\(place.path)/m/two")

        // What has grown is gone from the disk, and no promise any more.
        try place.shell("mkdir m/one; head -c 10M /dev/zero > m/one/file")
        #expect(try reservations.promised(at: root) <= .mebibytes(2))
        try reserve(8, for: "two")
        reservations.release("\(place.path)/m/one")
        reservations.release("\(place.path)/m/two")
        #expect(try reservations.promised(at: root) == ByteCount(0))
    }

    @Test("An artifact on its way keeps its room, and gives it back when it has come or will not")
    func ingests() throws {
        let place = try Workplace()
        let store = try ContentStore(directory: place.path)
        let root = try place.file("sha256", flags: O_RDONLY | O_DIRECTORY)
        let digest = Digest(bytes: [UInt8](repeating: 7, count: 32))
        let ingest = try store.ingest(digest, size: .mebibytes(8))
        #expect(try store.reservations.promised(at: root) == .mebibytes(8))
        ingest.discard()
        #expect(try store.reservations.promised(at: root) == ByteCount(0))
    }

    @Test("A promise on one file system is none on another", .enabled(if: geteuid() == 0))
    func devices() throws {
        let place = try small()
        defer { _ = try? place.shell("umount -l m") }  // the scratch directory's removal would fail loudly
        let reservations = DiskReservations()
        let (small, other) = (
            try place.file("m", flags: O_RDONLY | O_DIRECTORY), try place.file(".", flags: O_RDONLY | O_DIRECTORY)
        )
        try reservations.reserve(.mebibytes(20), for: "x", keepingFree: ByteCount(0), at: small, path: "m")
        #expect(try reservations.promised(at: small) == .mebibytes(20))
        #expect(try reservations.promised(at: other) == ByteCount(0))
    }
}
