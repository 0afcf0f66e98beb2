import TestSupport

@testable import Archive

/// Damages valid tar archives block by block and mends the checksums, so that readers get past them.
struct TarMutator {
    private struct Block {
        var bytes: [UInt8]
        let isHeader: Bool
    }

    /// Where a header has numbers: mode, size, time.
    private static let numbers = [100..<108, 124..<136, 136..<148]
    /// What takes the place of bytes between headers, where pax records and long names are.
    private static let tokens = [
        "30 mtime=1.٠٠٠٠٠٠٠٠٠\n", "28 size=9223372036854775807\n", "12 size=-1\n", "99999999999 path=a\n", "5 path=",
        "19 path=../../x/y\n", "22 GNU.sparse.major=1\n", "10 path=\n", "26 hdrcharset=BINARY\n", "=\n", "\u{0}",
    ].map { Array($0.utf8) }

    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func mutate(_ archive: [UInt8]) -> [UInt8] {
        var blocks = stride(from: 0, to: archive.count, by: 512).map { start -> Block in
            let bytes = Array(archive[start..<min(start + 512, archive.count)])
            let isHeader = bytes.count == 512 && bytes.contains { $0 != 0 } && (try? TarHeader(bytes)) != nil
            return Block(bytes: bytes, isHeader: isHeader)
        }
        for _ in 0...number(below: 4) { change(&blocks) }
        return blocks.flatMap { $0.isHeader ? Self.mended($0.bytes) : $0.bytes }
    }

    private mutating func number(below limit: Int) -> Int { Int.random(in: 0..<limit, using: &generator) }

    private mutating func change(_ blocks: inout [Block]) {
        guard !blocks.isEmpty else { return }
        let index = number(below: blocks.count)
        switch number(below: 9) {
        case 0: blocks.remove(at: index)
        case 1: blocks.insert(blocks[index], at: number(below: blocks.count))
        case 2: blocks.swapAt(index, number(below: blocks.count))
        case 3...6: changeField(&blocks)
        case _:
            let place = number(below: blocks[index].bytes.count)
            if number(below: 2) == 0 {
                blocks[index].bytes[place] ^= 1 << UInt8(number(below: 8))
            } else {
                put(Self.tokens[number(below: Self.tokens.count)], at: 0, in: &blocks[index].bytes)
            }
        }
    }

    /// Changes a number, the type or the name of one header.
    private mutating func changeField(_ blocks: inout [Block]) {
        let headers = blocks.indices.filter { blocks[$0].isHeader }
        guard !headers.isEmpty else { return }
        let header = headers[number(below: headers.count)]
        switch number(below: 4) {
        case 0: blocks[header].bytes[156] = Array("0123456789xgLKSVD".utf8)[number(below: 17)]
        case 1: put([UInt8(number(below: 256)), 0x2F, UInt8(number(below: 256))], at: 0, in: &blocks[header].bytes)
        case _:
            let field = Self.numbers[number(below: Self.numbers.count)]
            let values: [[UInt8]] = [
                [UInt8](repeating: 0xFF, count: field.count), [0xBF] + [UInt8](repeating: 0xFF, count: field.count - 1),
                [0x80] + [UInt8](repeating: 0xFF, count: field.count - 1), [UInt8](repeating: 0x37, count: field.count),
                [UInt8](repeating: 0x20, count: field.count),
                Array("0000\(number(below: 8))\(number(below: 8))\0".utf8),
            ]
            put(values[number(below: values.count)], at: field.lowerBound, in: &blocks[header].bytes)
        }
    }

    private func put(_ bytes: [UInt8], at start: Int, in block: inout [UInt8]) {
        for (offset, byte) in bytes.enumerated() where start + offset < block.count { block[start + offset] = byte }
    }

    private static func mended(_ block: [UInt8]) -> [UInt8] {
        guard block.count == 512 else { return block }
        var block = block
        block.replaceSubrange(148..<156, with: [UInt8](repeating: 0x20, count: 8))
        let digits = String(block.reduce(0) { $0 + Int($1) }, radix: 8)
        block.replaceSubrange(148..<154, with: (String(repeating: "0", count: 6 - digits.count) + digits).utf8)
        block[154] = 0
        return block
    }
}
