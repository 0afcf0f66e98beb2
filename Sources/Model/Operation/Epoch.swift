/// The fencing number of a claim: a host refuses anything older than the highest that it has seen.
package struct Epoch: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    package let number: Int64

    package init(_ number: Int64) { self.number = number }

    /// Before any claim.
    package static let none = Self(0)

    package var next: Self { Self(number + 1) }

    package var description: String { "\(number)" }

    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }

    package init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(Int64.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(number)
    }
}
