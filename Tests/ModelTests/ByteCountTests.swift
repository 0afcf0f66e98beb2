import Model
import Testing

struct ByteCountTests {
    @Test("Every number of bytes can be said", arguments: [Int64.min, -1, 0, .max - 1, .max])
    func extremes(_ bytes: Int64) { #expect(!ByteCount(bytes).description.isEmpty) }

    @Test("Sizes have one decimal where it tells something")
    func units() {
        #expect(ByteCount(512).description == "512 B")
        #expect(ByteCount(1536).description == "1.5 KiB")
        #expect(ByteCount.gibibytes(8).description == "8 GiB")
    }
}
