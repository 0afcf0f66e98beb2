import Artifacts

/// The records of one pax extended header (POSIX pax, "pax Extended Header").
struct PaxRecords {
    var path: [UInt8]?
    var linkPath: [UInt8]?
    var size: Int64?
    var time: TarEntry.Time?
    var isSparse = false
    var hasCapabilities = false

    /// Owners, comments and extended attributes are passed over: nothing of them is ever written.
    ///
    /// Capabilities of files, an attribute too, are noted: who packed them would miss them.
    init(parsing bytes: [UInt8]) throws(ArtifactError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let digits = rest.prefix { $0 != 0x20 }
            guard digits.count <= 9, let length = Self.number(digits).map({ Int($0) }), length > digits.count + 1,
                length <= rest.count, rest[rest.startIndex + length - 1] == 0x0A
            else { throw TarHeader.damaged("has a broken pax record") }
            let record = rest[(rest.startIndex + digits.count + 1)..<(rest.startIndex + length - 1)]
            guard let equals = record.firstIndex(of: UInt8(ascii: "=")) else {
                throw TarHeader.damaged("has a pax record without a value")
            }
            let key = String(decoding: record[..<equals], as: UTF8.self)
            guard !isKnown(key) else { throw TarHeader.damaged("has '\(key)' twice in one pax header") }
            try take(key, Array(record[(equals + 1)...]))
            rest = rest.dropFirst(length)
        }
    }

    /// Whether they say nothing of an entry, as those of a whole archive must.
    var isEmpty: Bool { path == nil && linkPath == nil && size == nil && !isSparse && !hasCapabilities }

    func apply(to entry: inout TarEntry) {
        if let path { entry.name = path }
        if let linkPath { entry.linkName = linkPath }
        if let size { entry.size = size }
        if let time { entry.time = time }
        if isSparse { entry.kind = .sparse }
        entry.hasCapabilities = hasCapabilities
    }

    /// Whether `key` was there before: readers disagree about which of two counts.
    private func isKnown(_ key: String) -> Bool {
        switch key {
        case "path": path != nil
        case "linkpath": linkPath != nil
        case "size": size != nil
        case _: false
        }
    }

    private mutating func take(_ key: String, _ value: [UInt8]) throws(ArtifactError) {
        switch key {
        case "path": path = value
        case "linkpath": linkPath = value
        case "size":
            guard let number = Self.number(value[...]) else {
                throw TarHeader.damaged("has a pax size that is no number")
            }
            size = number
        case "mtime": time = try Self.time(value)
        case "hdrcharset":
            let known = ["BINARY", "ISO-IR 10646 2000 UTF-8"]
            guard known.contains(String(decoding: value, as: UTF8.self)) else {
                throw TarHeader.damaged("has names in another character set than UTF-8")
            }
        case _ where key.hasPrefix("GNU.sparse."): isSparse = true
        // SCHILY.xattr. in GNU tar, bsdtar, star and Go, LIBARCHIVE.xattr. in bsdtar as well.
        case _ where key.hasSuffix(".xattr.security.capability"): hasCapabilities = true
        case _: break
        }
    }

    /// Seconds with a fraction; times before 1970 become 1970, as those of headers do.
    private static func time(_ text: [UInt8]) throws(ArtifactError) -> TarEntry.Time {
        let isNegative = text.first == UInt8(ascii: "-")
        let parts = text.dropFirst(isNegative ? 1 : 0)
            .split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? parts[1] : []
        let padded = Array(fraction.prefix(9)) + [UInt8](repeating: 0x30, count: max(0, 9 - fraction.count))
        guard let seconds = number(parts[0]), let nanoseconds = number(padded[...]) else {
            throw TarHeader.damaged("has a pax time that is no number")
        }
        return isNegative ? .init(seconds: 0, nanoseconds: 0) : .init(seconds: seconds, nanoseconds: Int(nanoseconds))
    }

    /// A number in ASCII digits and nothing else, or nil; also when it doesn't fit.
    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int64(String(decoding: digits, as: UTF8.self))
    }
}
