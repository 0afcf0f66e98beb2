import Foundation
import FuzzEntry
import Testing

/// How frames are cut on their way; what damage does to them is `FuzzTests`' matter.
struct FuzzFrameTests {
    @Test("The corpus is read without a crash, however it is cut", arguments: try Fixture.files(in: "corpus"))
    func corpus(_ file: URL) throws {
        let bytes = try Fixture.bytes(hex: file)
        #expect(!bytes.isEmpty)
        for step in [1, 7, 64, bytes.count] { FuzzTarget.readFrames(bytes, step: step) }
    }

    @Test("Whole real frames are found again")
    func golden() throws {
        for file in try Fixture.files(in: "golden") {
            let found = FuzzTarget.readFrames(try Fixture.bytes(hex: file), step: 5)
            #expect(found == (1, 1), "\(file.lastPathComponent)")
        }
    }
}
