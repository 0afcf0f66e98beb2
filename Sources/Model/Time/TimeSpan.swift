/// A length of time in whole milliseconds, written as people write it: `250ms`, `30s`, `1h30m`, `7d`.
package struct TimeSpan: Hashable, Comparable, Sendable, CustomStringConvertible, LosslessStringConvertible {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static let zero = Self(milliseconds: 0)
    package static func milliseconds(_ count: Int64) -> Self { Self(milliseconds: count) }
    package static func seconds(_ count: Int64) -> Self { Self(milliseconds: count * 1000) }
    package static func minutes(_ count: Int64) -> Self { seconds(count * 60) }
    package static func hours(_ count: Int64) -> Self { minutes(count * 60) }
    package static func days(_ count: Int64) -> Self { hours(count * 24) }

    package var duration: Duration { .milliseconds(milliseconds) }

    private static let units: [(suffix: String, milliseconds: Int64)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]
    /// About 100 years; keeps every sum of spans far from overflow.
    private static let maximum: Int64 = 36_500 * 86_400_000

    /// Parses numbers with units, largest first: `90s`, `1h30m`, `250ms`, `0s`.
    ///
    /// - Throws: `ModelError`; a bare number is refused because its unit would be a guess.
    package init(parsing text: String) throws(ModelError) {
        let refused = ModelError(
            .invalidTime,
            found: text,
            advice: "is no length of time: write a number with its unit, for example 250ms, 30s, 10m, 1h30m, 7d"
        )
        var rest = Substring(text)
        var total: Int64 = 0
        var lastUnit: Int64 = .max
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            let suffix = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(suffix.count)
            guard let number = Int64(digits), number <= Self.maximum,
                let unit = Self.units.first(where: { $0.suffix == suffix })?.milliseconds, unit < lastUnit
            else { throw refused }
            let (product, overflow) = number.multipliedReportingOverflow(by: unit)
            guard !overflow, product <= Self.maximum, total + product <= Self.maximum else { throw refused }
            total += product
            lastUnit = unit
        }
        guard lastUnit != .max else { throw refused }
        milliseconds = total
    }

    package init?(_ description: String) {
        guard let span = try? Self(parsing: description) else { return nil }  // init? asks only whether
        self = span
    }

    package var description: String {
        guard milliseconds > 0 else { return milliseconds == 0 ? "0s" : "-\(Self(milliseconds: -milliseconds))" }
        var rest = milliseconds
        var text = ""
        for unit in Self.units where rest >= unit.milliseconds {
            text += "\(rest / unit.milliseconds)\(unit.suffix)"
            rest %= unit.milliseconds
        }
        return text
    }

    package static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }
    package static func + (left: Self, right: Self) -> Self {
        Self(milliseconds: left.milliseconds + right.milliseconds)
    }
    package static func - (left: Self, right: Self) -> Self {
        Self(milliseconds: left.milliseconds - right.milliseconds)
    }
    package static func * (left: Self, factor: Int64) -> Self { Self(milliseconds: left.milliseconds * factor) }
}

extension TimeSpan: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
