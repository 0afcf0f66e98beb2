/// A time on the clock of a place: `09:00`, `16:30:15`; `24:00` is the end of the day.
package struct TimeOfDay: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Since midnight by the clock on the wall, 0 to 86,400.
    package let seconds: Int64

    package static let endOfDay: Int64 = 86_400

    package init(parsing text: String) throws(ModelError) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in part.utf8.count == 2 && part.allSatisfy(\.isNumber) ? Int64(part) : nil
        }
        let seconds = zip(numbers, [3600, 60, 1] as [Int64]).reduce(0) { $0 + $1.0 * $1.1 }
        guard 2...3 ~= parts.count, numbers.count == parts.count, numbers.dropFirst().allSatisfy({ $0 < 60 }),
            seconds <= Self.endOfDay
        else {
            let advice = "is no time of day: write hours and minutes, for example 09:00, 22:30 or 24:00"
            throw ModelError(.invalidTime, found: text, advice: advice)
        }
        self.seconds = seconds
    }

    package var description: String {
        func pad(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let text = "\(pad(seconds / 3600)):\(pad(seconds / 60 % 60))"
        return seconds % 60 == 0 ? text : "\(text):\(pad(seconds % 60))"
    }

    package static func < (left: Self, right: Self) -> Bool { left.seconds < right.seconds }
}

extension TimeOfDay: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
