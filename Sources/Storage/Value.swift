/// A value as SQLite stores it.
package enum Value: Hashable, Sendable {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])
}

extension Value: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByNilLiteral {
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(stringLiteral value: String) { self = .text(value) }
    package init(nilLiteral: ()) { self = .null }
}

extension Value {
    /// Text, or null where there is none.
    package static func optional(_ text: String?) -> Self { text.map(Self.text) ?? .null }
    /// A number, or null where there is none.
    package static func optional(_ number: Int64?) -> Self { number.map(Self.integer) ?? .null }
    /// Bytes, or null where there are none.
    package static func optional(_ bytes: [UInt8]?) -> Self { bytes.map(Self.blob) ?? .null }
}
