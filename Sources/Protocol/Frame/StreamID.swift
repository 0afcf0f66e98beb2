/// Number of a call, or of a bulk stream, on one connection.
///
/// The dialer's are odd and the acceptor's even, so both may begin calls without asking; 0 is the connection itself.
package struct StreamID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let number: UInt32

    package init(_ number: UInt32) { self.number = number }

    /// Frames that speak of the whole connection.
    package static let connection = Self(0)

    /// Whether the side that dialled began it.
    package var isDialers: Bool { number % 2 == 1 }

    package var description: String { "#\(number)" }

    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}
