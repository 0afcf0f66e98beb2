/// A tar archive written byte by byte, so that it can be wrong in exactly one way (POSIX ustar, pax; GNU tar manual, "Basic
/// Tar Format").
struct TarBytes {
    /// The fields of one header; those left alone are right.
    struct Header {
        var name: [UInt8]
        var type: Character = "0"
        var mode = 0o644
        var link: [UInt8] = []
        var prefix: [UInt8] = []
        /// What the size field says; nil is what follows.
        var size: [UInt8]?
        /// Added to the checksum.
        var error = 0

        init(_ name: String, _ type: Character = "0", link: String = "") {
            self.name = Array(name.utf8)
            self.type = type
            self.link = Array(link.utf8)
        }
    }

    private(set) var bytes: [UInt8] = []

    init(_ body: (inout Self) -> Void = { _ in }) { body(&self) }

    mutating func file(_ name: String, _ content: String = "x", mode: Int = 0o644) {
        var header = Header(name)
        header.mode = mode
        add(header, Array(content.utf8))
    }

    mutating func directory(_ name: String, mode: Int = 0o755) {
        var header = Header(name, "5")
        header.mode = mode
        add(header)
    }

    mutating func link(_ name: String, to target: String) { add(Header(name, "2", link: target)) }

    mutating func hardLink(_ name: String, to file: String) { add(Header(name, "1", link: file)) }

    /// An extended header for the next entry.
    mutating func pax(_ key: String, _ value: String) { pax([(key, Array(value.utf8))]) }

    /// The same of several records, for the next entry (`x`) or all of them (`g`).
    mutating func pax(_ records: [(key: String, value: [UInt8])], type: Character = "x") {
        add(Header("pax", type), records.flatMap { Self.record($0.key, $0.value) })
    }

    /// GNU's long name (`L`) or long link target (`K`) for the next entry.
    mutating func long(_ type: Character, _ text: String) { add(Header("././@LongLink", type), Array(text.utf8) + [0]) }

    mutating func add(_ header: Header, _ content: [UInt8] = []) {
        bytes += Self.block(header, size: content.count) + content
        bytes += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    mutating func raw(_ more: [UInt8]) { bytes += more }

    /// With the two blocks of zeros that end an archive.
    var ended: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }

    static func octal(_ number: Int, digits: Int) -> [UInt8] {
        let text = String(number, radix: 8)
        return Array((String(repeating: "0", count: max(0, digits - text.count)) + text).utf8)
    }

    private static func block(_ header: Header, size: Int) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ bytes: [UInt8], _ start: Int) { block.replaceSubrange(start..<(start + bytes.count), with: bytes) }
        put(Array(header.name.prefix(100)), 0)
        put(octal(header.mode, digits: 7), 100)
        put(octal(0, digits: 7), 108)
        put(octal(0, digits: 7), 116)
        put(header.size ?? octal(size, digits: 11), 124)
        put(octal(1_700_000_000, digits: 11), 136)
        put([UInt8](repeating: 0x20, count: 8), 148)
        put(Array(String(header.type).utf8), 156)
        put(Array(header.link.prefix(100)), 157)
        put(Array("ustar\u{0}00".utf8), 257)
        put(header.prefix, 345)
        put(octal(block.reduce(header.error) { $0 + Int($1) }, digits: 6) + [0], 148)
        return block
    }

    /// The length counts its own digits.
    private static func record(_ key: String, _ value: [UInt8]) -> [UInt8] {
        let rest = [0x20] + Array(key.utf8) + [UInt8(ascii: "=")] + value + [0x0A]
        var length = rest.count
        while "\(length)".utf8.count + rest.count != length { length = "\(length)".utf8.count + rest.count }
        return Array("\(length)".utf8) + rest
    }
}
