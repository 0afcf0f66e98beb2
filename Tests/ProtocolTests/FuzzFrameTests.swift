import Foundation
import FuzzEntry
import TestSupport
import Testing

struct FuzzFrameTests {
    @Test("The corpus is read without a crash, however it is cut", arguments: try Fixture.files(in: "corpus"))
    func corpus(_ file: URL) throws {
        let bytes = try Fixture.bytes(hex: file)
        #expect(!bytes.isEmpty)
        for step in [1, 7, 64, bytes.count] { FuzzEntry.readFrames(bytes, step: step) }
    }

    @Test("Random changes of real frames are read or refused, never more")
    func mutations() throws {
        let seed = SeededGenerator.seedOfRun
        print("FuzzFrameTests.mutations SEED=\(seed)")
        var generator = SeededGenerator(seed: seed)
        let inputs = try (Fixture.files(in: "golden") + Fixture.files(in: "corpus")).map { try Fixture.bytes(hex: $0) }
        #expect(inputs.count > 10)
        for _ in 0..<5000 {
            var bytes = inputs.randomElement(using: &generator) ?? []
            for _ in 0...Int.random(in: 0...6, using: &generator) { mutate(&bytes, &generator, inputs) }
            FuzzEntry.readFrames(bytes, step: Int.random(in: 1...200, using: &generator))
        }
    }

    @Test("Whole real frames are found again")
    func golden() throws {
        for file in try Fixture.files(in: "golden") {
            let found = FuzzEntry.readFrames(try Fixture.bytes(hex: file), step: 5)
            #expect(found == (1, 1), "\(file.lastPathComponent)")
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator, _ inputs: [[UInt8]]) {
        guard !bytes.isEmpty else { return }
        let index = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 2: bytes.remove(at: index)
        case 3: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: index)
        case _: bytes.insert(contentsOf: inputs.randomElement(using: &generator) ?? [], at: index)
        }
    }
}
