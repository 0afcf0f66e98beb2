import Artifacts
import Glibc
import Model
import Trust

/// Writes deterministic ustar, with a pax header only where ustar has no room.
///
/// Our own and not libarchive's: the bytes are what is signed, so they may not change with a library's version.
struct TarWriter: ~Copyable {
    /// 1980-01-01: the earliest that every format and tool takes, and the same for every file.
    static let time: Int64 = 315_532_800
    private static let bufferSize = 1 << 20

    private let output: OpenFile
    private var buffer: [UInt8] = []
    private var hasher = SHA256()
    private(set) var count: Int64 = 0

    init(_ output: OpenFile) {
        self.output = output
        buffer.reserveCapacity(Self.bufferSize + 1024)
    }

    mutating func append(_ path: TreePath, _ kind: TarEntry.Kind, mode: UInt32, size: Int64, link: [UInt8])
        throws(ArtifactError)
    {
        let name = kind == .directory ? path.bytes + [UInt8(ascii: "/")] : path.bytes
        var records: [UInt8] = []
        let split = Self.split(name)
        if split == nil { records += Self.record("path", name) }
        if link.count > 100 { records += Self.record("linkpath", link) }
        if size >= 1 << 33 { records += Self.record("size", Array("\(size)".utf8)) }
        if !records.isEmpty {
            try header(
                name: Array("pax".utf8),
                prefix: [],
                type: "x",
                mode: 0o644,
                size: Int64(records.count),
                link: []
            )
            try append(records)
            try pad()
        }
        let type: Character = kind == .directory ? "5" : kind == .symbolicLink ? "2" : "0"
        let (prefix, short) = split ?? ([], Array(name.suffix(100)))
        let field = size >= 1 << 33 ? 0 : size
        try header(name: short, prefix: prefix, type: type, mode: mode, size: field, link: Array(link.prefix(100)))
    }

    /// Appends content; `pad()` follows the last of it.
    mutating func append(_ bytes: UnsafeRawBufferPointer) throws(ArtifactError) {
        count += Int64(bytes.count)
        if bytes.count >= Self.bufferSize {
            try flush()
            try write(bytes)
        } else {
            buffer += bytes
            if buffer.count >= Self.bufferSize { try flush() }
        }
    }

    mutating func pad() throws(ArtifactError) {
        let zeros = [UInt8](repeating: 0, count: Int((512 - count % 512) % 512))
        try append(zeros)
    }

    /// Ends the archive with two blocks of zeros.
    consuming func finish() throws(ArtifactError) -> (digest: Digest, size: ByteCount) {
        let zeros = [UInt8](repeating: 0, count: 1024)
        try append(zeros)
        try flush()
        let size = ByteCount(count)
        return (hasher.finalize(), size)
    }

    private mutating func header(
        name: [UInt8],
        prefix: [UInt8],
        type: Character,
        mode: UInt32,
        size: Int64,
        link: [UInt8]
    ) throws(ArtifactError) {
        var block = [UInt8](repeating: 0, count: TarHeader.size)
        func put(_ bytes: some Collection<UInt8>, at start: Int) {
            block.replaceSubrange(start..<(start + bytes.count), with: bytes)
        }
        func put(_ number: Int64, digits: Int, at start: Int) {
            let text = String(number, radix: 8)
            put((String(repeating: "0", count: digits - text.utf8.count) + text).utf8, at: start)
        }
        put(name, at: 0)
        put(Int64(mode), digits: 7, at: 100)
        put(0, digits: 7, at: 108)
        put(0, digits: 7, at: 116)
        put(size, digits: 11, at: 124)
        put(Self.time, digits: 11, at: 136)
        put(String(type).utf8, at: 156)
        put(link, at: 157)
        put("ustar\u{0}00".utf8, at: 257)
        put(prefix, at: 345)
        put(Int64(block.reduce(8 * 32) { $0 + Int($1) }), digits: 6, at: 148)
        block[155] = 0x20
        try append(block)
    }

    /// The name in ustar's two fields, cut at the last slash that fits; nil where none does.
    private static func split(_ name: [UInt8]) -> (prefix: [UInt8], name: [UInt8])? {
        if name.count <= 100 { return ([], name) }
        let slash = name.dropLast().prefix(156).lastIndex(of: UInt8(ascii: "/"))
        guard let slash, slash > 0, name.count - slash - 1 <= 100 else { return nil }
        return (Array(name[..<slash]), Array(name[(slash + 1)...]))
    }

    /// A pax record, whose length counts its own digits.
    private static func record(_ key: String, _ value: [UInt8]) -> [UInt8] {
        let rest = [0x20] + Array(key.utf8) + [UInt8(ascii: "=")] + value + [0x0A]
        var length = rest.count
        while "\(length)".utf8.count + rest.count != length { length = "\(length)".utf8.count + rest.count }
        return Array("\(length)".utf8) + rest
    }

    private mutating func append(_ bytes: [UInt8]) throws(ArtifactError) {
        try bytes.withUnsafeBufferPointer { (bytes) throws(ArtifactError) in try append(UnsafeRawBufferPointer(bytes)) }
    }

    private mutating func flush() throws(ArtifactError) {
        let full = buffer
        buffer.removeAll(keepingCapacity: true)
        try full.withUnsafeBufferPointer { (bytes) throws(ArtifactError) in try write(UnsafeRawBufferPointer(bytes)) }
    }

    private mutating func write(_ bytes: UnsafeRawBufferPointer) throws(ArtifactError) {
        hasher.update(bytes)
        try output.write(bytes, name: "the archive")
    }
}
