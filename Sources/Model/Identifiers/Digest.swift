/// A SHA-256 digest: the identity of an artifact, a release, a plan, a record.
package struct Digest: Hashable, Comparable, Codable, Sendable, CustomStringConvertible, LosslessStringConvertible {
    /// Length in bytes.
    package static let byteCount = 32

    /// 64 lower-case hexadecimal digits.
    package let hex: String

    /// Takes exactly `byteCount` bytes, most significant first.
    package init(bytes: some Collection<UInt8>) {
        precondition(bytes.count == Self.byteCount, "a SHA-256 digest has 32 bytes")
        let digits = Array("0123456789abcdef".utf8)
        let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        hex = String(decoding: text, as: UTF8.self)
    }

    /// Parses 64 hexadecimal digits, with or without a `sha256:` prefix.
    ///
    /// - Throws: `ModelError` naming what was found.
    package init(parsing text: String) throws(ModelError) {
        let digits = text.hasPrefix("sha256:") ? String(text.dropFirst(7)) : text
        guard digits.utf8.count == 2 * Self.byteCount, digits.utf8.allSatisfy(\.isLowerHexDigit) else {
            throw ModelError(.invalidDigest, found: text, advice: "is no SHA-256: expected 64 lower-case hex digits")
        }
        hex = digits
    }

    package init?(_ description: String) {
        guard let digest = try? Self(parsing: description) else { return nil }  // init? asks only whether
        self = digest
    }

    package var description: String { hex }

    /// The first 12 digits: enough for people and for directory names.
    package var short: String { String(hex.prefix(12)) }

    package var bytes: [UInt8] {
        func value(_ digit: UInt8) -> UInt8 { digit < 0x3A ? digit - 0x30 : digit - 0x57 }
        let digits = Array(hex.utf8)
        return stride(from: 0, to: digits.count, by: 2).map { value(digits[$0]) << 4 | value(digits[$0 + 1]) }
    }

    package static func < (left: Self, right: Self) -> Bool { left.hex < right.hex }

    package init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hex)
    }
}
