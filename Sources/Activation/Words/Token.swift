/// Number of one effect; a result with any number but the awaited one belongs to an abandoned step and is ignored.
package struct Token: Hashable, Codable, Sendable, CustomStringConvertible {
    package let number: Int64

    package init(_ number: Int64) { self.number = number }

    package var description: String { "\(number)" }
}
