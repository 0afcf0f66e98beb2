import Artifacts
import Foundation
import Glibc
import Model
import Testing
import Trust

struct ContentStoreTests {
    private let content = Array("what was built".utf8)
    private var digest: Digest { SHA256.digest(of: content) }
    private var size: ByteCount { ByteCount(Int64(content.count)) }

    private func names(_ place: Workplace) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(place.path)/sha256").sorted()
    }

    @Test("What was ingested is there under its digest, and readable again")
    func ingest() throws {
        let place = try Workplace()
        let store = try ContentStore(directory: place.path)
        #expect(try !store.holds(digest))
        let ingest = try store.ingest(digest, size: size)
        for byte in content { try ingest.write([byte]) }
        #expect(try !store.holds(digest))
        try ingest.commit()
        #expect(try names(place) == [digest.hex])
        #expect(try store.open(digest).digest(name: "it").digest == digest)
        try store.verify(digest)
        #expect(try store.digests() == [digest])
    }

    @Test("Other bytes than the digest names leave nothing")
    func mismatch() throws {
        let place = try Workplace()
        let store = try ContentStore(directory: place.path)
        let ingest = try store.ingest(digest, size: size)
        try ingest.write(content.reversed())
        let error = try #require(throws: ArtifactError.self) { try ingest.commit() }
        #expect(error.code == .digestMismatch)
        #expect(try names(place) == [])
        let missing = try #require(throws: ArtifactError.self) { try store.open(digest) }
        #expect(missing.code == .notStored)
    }

    @Test("More or fewer bytes than named leave nothing")
    func otherSize() throws {
        let place = try Workplace()
        let store = try ContentStore(directory: place.path)
        let longer = try store.ingest(digest, size: size)
        let error = try #require(throws: ArtifactError.self) { try longer.write(content + [0]) }
        #expect(error.code == .sizeMismatch)
        #expect(try names(place) == [])
        let shorter = try store.ingest(digest, size: size)
        try shorter.write(Array(content.dropLast()))
        #expect(throws: ArtifactError.self) { try shorter.commit() }
        #expect(throws: ArtifactError.self) { try shorter.write(content) }
        #expect(try names(place) == [])
    }

    @Test("An ingest that nobody finishes disappears, at the latest at the next start")
    func abandoned() throws {
        let place = try Workplace()
        let store = try ContentStore(directory: place.path)
        do { try store.ingest(digest, size: size).write(content) }
        #expect(try names(place) == [])
        try Data(content).write(to: URL(filePath: "\(place.path)/sha256/.incoming-crashed"))
        let running = try store.ingest(digest, size: size)
        let other = try ContentStore(directory: place.path)
        #expect(try names(place).count == 1)
        try running.write(content)
        try running.commit()
        #expect(try names(place) == [digest.hex])
        #expect(try other.holds(digest))
    }

    @Test("A stored artifact that the disk changed is found")
    func changed() throws {
        let place = try Workplace()
        let store = try ContentStore(directory: place.path)
        let ingest = try store.ingest(digest, size: size)
        try ingest.write(content)
        try ingest.commit()
        try place.shell("chmod u+w sha256/*; printf X | dd of=sha256/\(digest.hex) conv=notrunc status=none")
        let error = try #require(throws: ArtifactError.self) { try store.verify(digest) }
        #expect(error.code == .digestMismatch)
    }

    @Test("An artifact that a power cut has torn is not held any more, and can be stored again")
    func torn() throws {
        let place = try Workplace()
        let store = try ContentStore(directory: place.path)
        func add() throws {
            let ingest = try store.ingest(digest, size: size)
            try ingest.write(content)
            try ingest.commit()
        }
        try add()
        try place.shell("chmod u+w sha256/*; : >sha256/\(digest.hex)")
        #expect(try !store.holds(digest))
        #expect(try names(place) == [])
        try add()
        #expect(try store.holds(digest))
    }

    @Test("Only the artifacts that are kept stay")
    func removal() throws {
        let place = try Workplace()
        let store = try ContentStore(directory: place.path)
        let all = try (0..<3).map { number -> Digest in
            let content = Array("artifact \(number)".utf8)
            let digest = SHA256.digest(of: content)
            let ingest = try store.ingest(digest, size: ByteCount(Int64(content.count)))
            try ingest.write(content)
            try ingest.commit()
            return digest
        }
        let past = WallTime(milliseconds: 0)
        let future = WallTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) + .hours(1)
        #expect(try store.remove(except: [], unusedSince: past) == [])
        #expect(try Set(store.remove(except: [all[1]], unusedSince: future)) == [all[0], all[2]])
        #expect(try store.digests() == [all[1]])
    }

    @Test("An artifact that somebody asks for counts as in use from then on")
    func touched() throws {
        let place = try Workplace()
        let store = try ContentStore(directory: place.path)
        let content = Array("artifact".utf8)
        let digest = SHA256.digest(of: content)
        #expect(try !store.holds(digest))
        let ingest = try store.ingest(digest, size: ByteCount(8))
        try ingest.write(content)
        try ingest.commit()
        try place.shell("touch -d @1000000 sha256/*")
        let later = WallTime(milliseconds: 2_000_000_000)
        #expect(try store.holds(digest))
        #expect(try store.remove(except: [], unusedSince: later) == [])
        try place.shell("touch -d @1000000 sha256/*")
        #expect(try store.remove(except: [], unusedSince: later) == [digest])
    }

    @Test("A stored artifact is as large as whoever names it says, or it is refused")
    func namedSize() throws {
        let place = try Workplace()
        let store = try ContentStore(directory: place.path)
        let digest = SHA256.digest(of: Array("artifact".utf8))
        let ingest = try store.ingest(digest, size: ByteCount(8))
        try ingest.write(Array("artifact".utf8))
        try ingest.commit()
        try store.verify(digest, size: ByteCount(8))
        let error = #expect(throws: ArtifactError.self) { try store.verify(digest, size: ByteCount(.max)) }
        #expect(error?.code == .sizeMismatch)
    }

    @Test("A disk without room is refused before the first byte, with the numbers")
    func noRoom() throws {
        let place = try Workplace()
        let store = try ContentStore(directory: place.path)
        let error = try #require(throws: ArtifactError.self) {
            try store.ingest(digest, size: .gibibytes(1 << 20))
        }
        #expect(error.code == .diskFull)
        #expect(error.advice.contains("needed"))
    }

    @Test("A disk that fills up meanwhile leaves nothing", .enabled(if: geteuid() == 0))
    func fullDisk() async throws {
        let place = try Workplace()
        try place.shell("mkdir m; mount -t tmpfs -o size=24m tmpfs m")
        defer { _ = try? place.shell("umount -l m") }  // the scratch directory's removal would fail loudly
        let store = try ContentStore(directory: "\(place.path)/m")
        let ingest = try store.ingest(digest, size: .mebibytes(7))
        try place.shell("head -c 23M /dev/zero > m/other")
        let error = try #require(throws: ArtifactError.self) {
            for _ in 0..<7 { try ingest.write([UInt8](repeating: 1, count: 1 << 20)) }
        }
        #expect(error.code == .diskFull)
        #expect(try place.shell("ls -A m/sha256") == "")
        try place.shell("mkdir m/staging d; head -c 4M /dev/urandom > d/x; tar -cf a.tar -C d .")
        let full = try await #require(throws: ArtifactError.self) {
            let staging = try place.file("m/staging", flags: O_RDONLY | O_DIRECTORY)
            return try await place.tool().unpack(place.file("a.tar"), format: .tar, into: staging)
        }
        #expect(full.code == .diskFull)
    }
}
