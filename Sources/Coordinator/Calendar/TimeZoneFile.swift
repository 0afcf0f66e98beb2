/// Reads a compiled file of the IANA time zone database (TZif, RFC 9636).
///
/// Only what the second, 64-bit part says counts; files that have the old 32-bit part alone are from before 2007.
package struct TimeZoneFile {
    private let bytes: [UInt8]
    private var position = 0

    /// Nil for anything that is no such file, whole and in order.
    package static func parse(_ bytes: [UInt8]) -> TimeZoneRules? {
        var file = Self(bytes: bytes)
        return file.rules()
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private struct Header {
        var utcCount, standardCount, leapCount, timeCount, typeCount, characterCount: Int
    }

    private mutating func rules() -> TimeZoneRules? {
        guard let old = header() else { return nil }
        let short = old.timeCount * 5 + old.typeCount * 6 + old.characterCount + old.leapCount * 8
        guard skip(short + old.standardCount + old.utcCount), let header = header(),
            let transitions = transitions(header)
        else { return nil }
        guard skip(header.characterCount + header.leapCount * 12 + header.standardCount + header.utcCount),
            let footer = footer()
        else { return nil }
        guard !footer.isEmpty else {
            return TimeZoneRules(transitions: transitions.all, initial: transitions.initial, rule: nil)
        }
        guard let rule = DaylightRuleText.parse(footer) else { return nil }
        return TimeZoneRules(transitions: transitions.all, initial: transitions.initial, rule: rule)
    }

    private mutating func header() -> Header? {
        guard let magic = take(4), magic.elementsEqual("TZif".utf8), let version = take(1)?.first, version >= 0x32,
            skip(15)
        else { return nil }
        let counts = (0..<6).compactMap { _ in integer(4).map(Int.init) }
        guard counts.count == 6, counts.allSatisfy({ 0...1_000_000 ~= $0 }), counts[4] > 0 else { return nil }
        return Header(
            utcCount: counts[0],
            standardCount: counts[1],
            leapCount: counts[2],
            timeCount: counts[3],
            typeCount: counts[4],
            characterCount: counts[5]
        )
    }

    private mutating func transitions(_ header: Header) -> (all: [TimeZoneRules.Transition], initial: Int64)? {
        let times = (0..<header.timeCount).compactMap { _ in integer(8) }
        guard let indices = take(header.timeCount), times.count == header.timeCount else { return nil }
        var offsets: [Int64] = []
        for _ in 0..<header.typeCount {
            guard let offset = integer(4), -93_600...93_600 ~= offset, skip(2) else { return nil }
            offsets.append(offset)
        }
        guard zip(times, times.dropFirst()).allSatisfy({ $0 < $1 }),
            indices.allSatisfy({ Int($0) < offsets.count })
        else { return nil }
        let all = zip(times, indices).map { TimeZoneRules.Transition(at: $0, offset: offsets[Int($1)]) }
        return (all, offsets[0])
    }

    /// What stands between the last two line feeds.
    private mutating func footer() -> String? {
        guard bytes.last == 0x0A, position < bytes.count - 1, bytes[position] == 0x0A else { return nil }
        return String(validating: bytes[(position + 1)..<(bytes.count - 1)], as: UTF8.self)
    }

    // MARK: Bytes

    private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= bytes.count - position else { return nil }
        defer { position += count }
        return bytes[position..<(position + count)]
    }

    private mutating func skip(_ count: Int) -> Bool { take(count) != nil }

    /// A big-endian number with its sign.
    private mutating func integer(_ width: Int) -> Int64? {
        guard let bytes = take(width) else { return nil }
        let number = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return width == 4 ? Int64(Int32(truncatingIfNeeded: number)) : Int64(bitPattern: number)
    }
}
