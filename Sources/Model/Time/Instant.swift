/// A point on a clock that only moves forward; which clock is the caller's choice and part of the API that takes it.
///
/// Decisions receive instants inside events and never ask a clock themselves.
package struct Instant: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    /// Milliseconds since the clock's zero (boot, for CLOCK_BOOTTIME).
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package var description: String { "t+\(TimeSpan(milliseconds: milliseconds))" }

    package static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }
    package static func + (left: Self, right: TimeSpan) -> Self {
        Self(milliseconds: left.milliseconds + right.milliseconds)
    }
    package static func - (left: Self, right: Self) -> TimeSpan {
        TimeSpan(milliseconds: left.milliseconds - right.milliseconds)
    }

    package init(from decoder: any Decoder) throws {
        try self.init(milliseconds: decoder.singleValueContainer().decode(Int64.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }
}
