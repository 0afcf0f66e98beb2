import Foundation
import Model
import Testing

@testable import Trust

struct SHA256Tests {
    struct Row: CustomTestStringConvertible, Sendable {
        let text: String
        let hex: String
        var testDescription: String { "'\(text)'" }
    }

    @Test(
        "Known answers of FIPS 180-4",
        arguments: [
            Row(text: "", hex: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            Row(text: "abc", hex: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            Row(
                text: "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                hex: "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ]
    )
    func knownAnswers(_ row: Row) {
        #expect(SHA256.digest(of: Array(row.text.utf8)).hex == row.hex)
    }

    @Test("Pieces give the same digest as the whole")
    func streaming() {
        let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var hasher = SHA256()
        for start in stride(from: 0, to: bytes.count, by: 977) {
            hasher.update(Array(bytes[start..<min(start + 977, bytes.count)]))
        }
        let digest = hasher.finalize()
        #expect(digest == SHA256.digest(of: bytes))
    }

    @Test("A file of several reads has the digest that sha256sum prints, and its size")
    func file() throws {
        let scratch = try Scratch()
        let bytes = (0..<3_500_000).map { UInt8(truncatingIfNeeded: $0 &* 17 &+ $0 >> 8) }
        let path = try scratch.write("large", bytes)
        let (digest, size) = try SHA256.digest(ofFile: path)
        #expect(size == ByteCount(3_500_000))
        #expect(try Command.run("sha256sum", [path]).output.hasPrefix(digest.hex))
    }

    @Test("A file that is not there is an error that names it")
    func missing() throws {
        let error = #expect(throws: TrustError.self) { try SHA256.digest(ofFile: "/nonexistent/artifact.tar") }
        #expect(error?.code == .fileUnreadable)
        #expect(error?.description.contains("/nonexistent/artifact.tar") == true)
        #expect(error?.cause == "No such file or directory")
    }

    @Test("A directory can be opened but not read, and says so")
    func directory() throws {
        let error = #expect(throws: TrustError.self) { try SHA256.digest(ofFile: "/tmp") }
        #expect(error?.cause == "Is a directory")
    }
}
