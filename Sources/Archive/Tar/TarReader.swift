import Artifacts
import Glibc

/// Reads tar in all its dialects (v7, ustar, pax, GNU), strictly.
///
/// Our own and not libarchive's: that one normalises Unicode names, cuts names at a NUL, and takes an archive without its
/// end for whole, so what was signed and what is written could differ.
struct TarReader {
    /// Longest name or extended header.
    private static let extraLimit: Int64 = 1 << 20

    private let source: any ByteSource
    private var rest = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Content bytes of the current entry that were not read yet, and the padding behind them.
    private var unread: Int64 = 0
    private var padding: Int64 = 0

    init(_ source: any ByteSource) { self.source = source }

    /// The next entry, or nil at the archive's proper end.
    mutating func next() throws(ArtifactError) -> TarEntry? {
        // Not as one sum: an entry may claim a size near the largest number.
        try skip(unread)
        try skip(padding)
        unread = 0
        padding = 0
        var records: PaxRecords?
        var longName: [UInt8]?
        var longLink: [UInt8]?
        while true {
            let block = try take(TarHeader.size)
            if block.allSatisfy({ $0 == 0 }) {
                guard records == nil, longName == nil, longLink == nil else {
                    throw TarHeader.damaged("ends after an extended header")
                }
                try finish()
                return nil
            }
            let header = try TarHeader(block)
            switch header.type {
            case UInt8(ascii: "x"): try Self.take(PaxRecords(parsing: extra(header)), into: &records)
            case UInt8(ascii: "g"):
                guard try PaxRecords(parsing: extra(header)).isEmpty else {
                    throw TarHeader.damaged("has a global pax header with paths or sizes")
                }
            case UInt8(ascii: "L"): try Self.take(Self.unterminated(extra(header)), into: &longName)
            case UInt8(ascii: "K"): try Self.take(Self.unterminated(extra(header)), into: &longLink)
            case _:
                var entry = try header.entry()
                if let longName { entry.name = longName }
                if let longLink { entry.linkName = longLink }
                try Self.requireOneSize(entry, records)
                records?.apply(to: &entry)
                // v7 has no type for directories: their names end with a slash. A long name cut to fit a header may, too.
                if entry.kind == .file, entry.name.last == UInt8(ascii: "/") { entry.kind = .directory }
                return try begin(entry)
            }
        }
    }

    /// Hands the current entry's content to `body`, block by block.
    mutating func readContent(_ body: (UnsafeRawBufferPointer) throws(ArtifactError) -> Void) throws(ArtifactError) {
        while unread > 0 {
            try refill()
            let count = min(rest.count, Int(clamping: unread))
            let part = UnsafeRawBufferPointer(rebasing: rest[..<count])
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            unread -= Int64(count)
            try body(part)
        }
    }

    /// Keeps what an extended header says; readers disagree about which of two counts.
    private static func take<Value>(_ value: Value, into place: inout Value?) throws(ArtifactError) {
        guard place == nil else { throw TarHeader.damaged("has two extended headers of a kind for one entry") }
        place = value
    }

    /// Refuses a size that only some readers see: they would find other entries behind it.
    ///
    /// Writers put one into the extended header where the field of the plain one is too small for it, and only there.
    private static func requireOneSize(_ entry: TarEntry, _ records: PaxRecords?) throws(ArtifactError) {
        guard let size = records?.size, size < TarHeader.largestSize, size != entry.size else { return }
        throw TarHeader.damaged("has an entry with two sizes, \(entry.size) and \(size)")
    }

    private mutating func begin(_ entry: TarEntry) throws(ArtifactError) -> TarEntry {
        guard entry.size >= 0 else { throw TarHeader.damaged("has an entry of negative size") }
        // No data follows a directory's size (POSIX ustar); readers differ, so whoever builds a tree refuses one.
        unread = entry.kind == .directory ? 0 : entry.size
        padding = (512 - unread % 512) % 512
        return entry
    }

    /// Behind the second block of zeros only more zeros may come (GNU tar fills 10 KiB).
    private mutating func finish() throws(ArtifactError) {
        guard try take(TarHeader.size).allSatisfy({ $0 == 0 }) else {
            throw ArtifactError(.trailingData, "the archive goes on after its end; build it anew")
        }
        while true {
            guard rest.allSatisfy({ $0 == 0 }) else {
                throw ArtifactError(.trailingData, "the archive goes on after its end; build it anew")
            }
            guard let more = try source.next() else { return }
            rest = more
        }
    }

    private mutating func extra(_ header: TarHeader) throws(ArtifactError) -> [UInt8] {
        let size = try header.size
        guard (0...Self.extraLimit).contains(size) else { throw TarHeader.damaged("has an oversized extended header") }
        let bytes = try take(Int(size))
        try skip((512 - size % 512) % 512)
        return bytes
    }

    /// GNU ends long names with one NUL.
    private static func unterminated(_ bytes: [UInt8]) -> [UInt8] { bytes.last == 0 ? bytes.dropLast() : bytes }

    private mutating func take(_ count: Int) throws(ArtifactError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            try refill()
            let part = min(rest.count, count - bytes.count)
            bytes += rest[..<part]
            rest = UnsafeRawBufferPointer(rebasing: rest[part...])
        }
        return bytes
    }

    private mutating func skip(_ count: Int64) throws(ArtifactError) {
        var left = count
        while left > 0 {
            try refill()
            let part = min(rest.count, Int(clamping: left))
            rest = UnsafeRawBufferPointer(rebasing: rest[part...])
            left -= Int64(part)
        }
    }

    private mutating func refill() throws(ArtifactError) {
        while rest.isEmpty {
            guard let more = try source.next() else {
                throw ArtifactError(.truncated, "the archive ends too early; build or fetch it again")
            }
            rest = more
        }
    }
}
