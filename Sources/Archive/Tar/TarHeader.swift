import Artifacts

/// The fields of one 512-byte block (POSIX ustar, and what GNU and v7 made of it).
struct TarHeader {
    static let size = 512
    /// From this size on, 8 GiB, the field's eleven octal digits do not suffice.
    static let largestSize: Int64 = 1 << 33

    private let block: [UInt8]
    let type: UInt8

    /// - Throws: `ArtifactError` when the checksum doesn't hold.
    init(_ block: [UInt8]) throws(ArtifactError) {
        self.block = block
        type = block[156]
        let sum = block.indices.reduce(0) { $0 + ((148..<156).contains($1) ? 32 : Int(block[$1])) }
        guard try number(148..<156) == sum else { throw Self.damaged("has a header whose checksum is wrong") }
    }

    var size: Int64 { get throws(ArtifactError) { try number(124..<136) } }

    func entry() throws(ArtifactError) -> TarEntry {
        let isUstar = block[257..<265].elementsEqual("ustar\u{0}00".utf8)
        let prefix = isUstar ? text(345..<500) : []
        let name = prefix.isEmpty ? text(0..<100) : prefix + [UInt8(ascii: "/")] + text(0..<100)
        return TarEntry(
            name: name,
            linkName: text(157..<257),
            kind: kind,
            mode: UInt32(truncatingIfNeeded: try number(100..<108)) & 0o7777,
            size: try size,
            time: TarEntry.Time(seconds: max(0, try number(136..<148)), nanoseconds: 0)
        )
    }

    private var kind: TarEntry.Kind {
        switch type {
        case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): .file
        case UInt8(ascii: "1"): .hardLink
        case UInt8(ascii: "2"): .symbolicLink
        case UInt8(ascii: "3"), UInt8(ascii: "4"): .device
        case UInt8(ascii: "5"): .directory
        case UInt8(ascii: "6"): .fifo
        case UInt8(ascii: "S"): .sparse
        case let other: .unsupported(other)
        }
    }

    /// The bytes up to the padding; a NUL before other bytes stays in and is refused later.
    private func text(_ range: Range<Int>) -> [UInt8] {
        let end = block[range].lastIndex { $0 != 0 }.map { $0 + 1 } ?? range.lowerBound
        return Array(block[range.lowerBound..<end])
    }

    /// Octal digits between spaces and NULs, or base 256 where the first bit is set (GNU).
    private func number(_ range: Range<Int>) throws(ArtifactError) -> Int64 {
        let field = block[range]
        if let first = field.first, first & 0x80 != 0 {
            let isNegative = first & 0x40 != 0
            if isNegative { return -1 }  // only times may be; they become 0, and a negative size is refused
            var value = Int64(first & 0x3F)
            for byte in field.dropFirst() {
                guard value < 1 << 54 else { throw Self.damaged("has a number that is too large") }
                value = value << 8 | Int64(byte)
            }
            return value
        }
        let digits = field.drop { $0 == 0x20 }.prefix { $0 != 0 && $0 != 0x20 }
        var value: Int64 = 0
        for digit in digits {
            guard (0x30...0x37).contains(digit), value < 1 << 58 else {
                throw Self.damaged("has a header with a number that is none")
            }
            value = value << 3 | Int64(digit - 0x30)
        }
        return value
    }

    static func damaged(_ what: String) -> ArtifactError {
        ArtifactError(.malformed, "the archive \(what); build it anew")
    }
}
