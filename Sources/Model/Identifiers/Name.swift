/// A short text that names one thing of one kind, checked once where it enters.
///
/// The default rule: 1 to `maximumLength` of `a-z A-Z 0-9 . _ -`, the first a letter or digit. Such a name is safe in a path
/// component, a systemd unit name and a URI path segment without any quoting.
package protocol Name: Hashable, Comparable, Codable, Sendable, CustomStringConvertible, LosslessStringConvertible {
    /// What the name names, for error messages.
    static var noun: String { get }
    /// Longest accepted name in bytes.
    static var maximumLength: Int { get }

    var text: String { get }

    /// Takes a text that `validate(_:)` has accepted.
    init(validated text: String)

    /// Throws what is wrong with `text`.
    static func validate(_ text: String) throws(ModelError)
}

extension Name {
    package static var maximumLength: Int { 63 }

    package var description: String { text }

    /// Parses a name.
    ///
    /// - Throws: `ModelError` that says which rule the text breaks.
    package init(parsing text: String) throws(ModelError) {
        try Self.validate(text)
        self.init(validated: text)
    }

    package init?(_ description: String) {
        guard (try? Self.validate(description)) != nil else { return nil }  // the caller of init? asks only whether
        self.init(validated: description)
    }

    package static func validate(_ text: String) throws(ModelError) {
        try validate(text, allowing: "")
    }

    /// The default rule with `extra` ASCII characters allowed after the first.
    package static func validate(_ text: String, allowing extra: String) throws(ModelError) {
        let bytes = text.utf8
        guard let first = bytes.first, bytes.count <= maximumLength, first.isASCIILetterOrDigit else {
            throw ModelError(
                .invalidName,
                found: text,
                advice: "is no \(noun): it must start with a letter or digit and have 1 to \(maximumLength) characters"
            )
        }
        guard bytes.allSatisfy({ $0.isASCIILetterOrDigit || $0.isNameSeparator || extra.utf8.contains($0) }),
            !zip(bytes, bytes.dropFirst()).contains(where: { $0 == UInt8(ascii: ".") && $1 == UInt8(ascii: ".") })
        else {
            throw ModelError(
                .invalidName,
                found: text,
                advice: "is no \(noun): use letters, digits, '.', '_' and '-' only, and no '..'"
            )
        }
    }

    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }

    package init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

extension UInt8 {
    fileprivate var isNameSeparator: Bool {
        switch self {
        case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }

    package var isASCIILetterOrDigit: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}
