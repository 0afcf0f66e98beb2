/// The version of a Debian package, ordered as dpkg does; see deb-version(7).
package struct DebianVersion: Comparable {
    private let epoch: Int
    private let upstream: [UInt8]
    private let revision: [UInt8]

    package init(_ text: String) {
        var rest = text[...]
        var epoch = 0
        if let colon = rest.firstIndex(of: ":"), let number = Int(rest[..<colon]) {
            epoch = number
            rest = rest[rest.index(after: colon)...]
        }
        self.epoch = epoch
        let dash = rest.lastIndex(of: "-")
        upstream = Array(rest[..<(dash ?? rest.endIndex)].utf8)
        revision = dash.map { Array(rest[rest.index(after: $0)...].utf8) } ?? []
    }

    package static func == (one: Self, other: Self) -> Bool { !(one < other) && !(other < one) }

    package static func < (one: Self, other: Self) -> Bool {
        guard one.epoch == other.epoch else { return one.epoch < other.epoch }
        let order = compare(one.upstream[...], other.upstream[...])
        return (order == 0 ? compare(one.revision[...], other.revision[...]) : order) < 0
    }

    /// By turns a part without digits, by character, and a number; negative when `one` is older.
    private static func compare(_ one: ArraySlice<UInt8>, _ other: ArraySlice<UInt8>) -> Int {
        var (one, other) = (one, other)
        while !one.isEmpty || !other.isEmpty {
            while !isNumber(one.first) || !isNumber(other.first) {
                let (left, right) = (rank(one.first), rank(other.first))
                guard left == right else { return left - right }
                guard !one.isEmpty, !other.isEmpty else { break }
                one = one.dropFirst()
                other = other.dropFirst()
            }
            let (left, right) = (number(&one), number(&other))
            guard left == right else {
                return left.count == right.count ? (left < right ? -1 : 1) : left.count - right.count
            }
        }
        return 0
    }

    private static func isNumber(_ byte: UInt8?) -> Bool { byte.map { 0x30...0x39 ~= $0 } ?? false }

    /// A tilde is older than the end, letters are older than other signs; a digit ends the part.
    private static func rank(_ byte: UInt8?) -> Int {
        switch byte {
        case UInt8(ascii: "~")?: -1
        case nil: 0
        case let byte? where isNumber(byte): 0
        case let byte? where 0x61...0x7A ~= byte | 0x20: Int(byte)
        case let byte?: Int(byte) + 256
        }
    }

    /// Takes the number in front, without its zeros: of two, the longer is the greater.
    private static func number(_ text: inout ArraySlice<UInt8>) -> String {
        let digits = text.prefix(while: isNumber)
        text = text[digits.endIndex...]
        return String(decoding: digits.drop { $0 == UInt8(ascii: "0") }, as: UTF8.self)
    }
}
