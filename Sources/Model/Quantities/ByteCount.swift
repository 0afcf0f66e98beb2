/// A number of bytes.
package struct ByteCount: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    package let bytes: Int64

    package init(_ bytes: Int64) { self.bytes = bytes }

    package static func kibibytes(_ count: Int64) -> Self { Self(count << 10) }
    package static func mebibytes(_ count: Int64) -> Self { Self(count << 20) }
    package static func gibibytes(_ count: Int64) -> Self { Self(count << 30) }

    /// Binary units with one decimal where it tells something: `512 B`, `1.5 MiB`.
    package var description: String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        var tenths = max(-.max / 10, min(bytes, .max / 10)) * 10
        var unit = 0
        while tenths >= 10_240, unit < units.count - 1 {
            tenths /= 1024
            unit += 1
        }
        let fraction = unit == 0 || tenths >= 1000 || tenths % 10 == 0 ? "" : ".\(tenths % 10)"
        return "\(tenths / 10)\(fraction) \(units[unit])"
    }

    package static func < (left: Self, right: Self) -> Bool { left.bytes < right.bytes }

    package init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(Int64.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(bytes)
    }
}
