import Artifacts
import Testing

@testable import Archive

struct TarTests {
    @Test("Numbers, names and ends are read alike however the bytes arrive", arguments: [1, 7, 511, 512, 513, 1 << 20])
    func pieces(_ step: Int) throws {
        var block = [UInt8](repeating: 0, count: 512)
        block.replaceSubrange(0..<4, with: "name".utf8)
        block.replaceSubrange(100..<107, with: "0000755".utf8)
        block.replaceSubrange(124..<135, with: "00000000005".utf8)
        block[156] = UInt8(ascii: "0")
        let sum = block.reduce(8 * 32) { $0 + Int($1) }
        let digits = String(sum, radix: 8)
        block.replaceSubrange(
            148..<154,
            with: (String(repeating: "0", count: 6 - digits.count) + digits).utf8
        )
        let archive = block + Array("hello".utf8) + [UInt8](repeating: 0, count: 507 + 1024)
        var reader = TarReader(Pieces(archive, step: step))
        let entry = try #require(try reader.next())
        #expect(entry.name == Array("name".utf8))
        #expect(entry.mode == 0o755)
        var content: [UInt8] = []
        try reader.readContent { (bytes) throws(ArtifactError) in content += bytes }
        #expect(content == Array("hello".utf8))
        #expect(try reader.next() == nil)
    }

    @Test("Arbitrary bytes are refused and never trap", arguments: 0..<200)
    func arbitrary(_ seed: Int) {
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
        let bytes = (0..<4096).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
        var reader = TarReader(Pieces(bytes, step: 1000))
        #expect(throws: ArtifactError.self) { while try reader.next() != nil {} }
    }

    @Test(
        "Broken pax records are refused",
        arguments: [
            "5", "x path=a\n", "99 path=a\n", "0 \n", "-1 path=a\n", "9 path=ab", "6 path\n", "+9 path=a\n",
            "٣٣ path=a\n", "10 size=+5\n", "29 mtime=1.٠٠٠٠٠٠٠٠٠\n", "11 mtime=-\n",
        ]
    )
    func paxRecords(_ text: String) {
        #expect(throws: ArtifactError.self) { try PaxRecords(parsing: Array(text.utf8)) }
    }

    @Test("An entry that claims the largest size ends the archive too early, and traps nothing")
    func largestSize() throws {
        let bytes = try Corpus.bytes("pax-largest-size.tar")
        var reader = TarReader(Pieces(bytes, step: 512))
        let entry = try #require(try reader.next())
        #expect(entry.size == .max)
        let error = #expect(throws: ArtifactError.self) { try reader.next() }
        #expect(error?.code == .truncated)
    }
}
