/// A day of the week, Monday first (ISO 8601).
package enum Weekday: String, Codable, Sendable, CaseIterable {
    case monday = "mon"
    case tuesday = "tue"
    case wednesday = "wed"
    case thursday = "thu"
    case friday = "fri"
    case saturday = "sat"
    case sunday = "sun"

    /// The weekday of a day, counted since 1970-01-01, which was a Thursday.
    package init(ofDay day: Int64) {
        let index = ((day + 3) % 7 + 7) % 7
        self = Self.allCases[Int(index)]
    }

    /// `mon`, or a range that may go over the end of the week: `mon-fri`, `fri-mon`.
    package static func days(parsing text: String) throws(ModelError) -> [Self] {
        let names = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        let days = names.compactMap(Self.init(rawValue:))
        guard 1...2 ~= days.count, days.count == names.count, let first = days.first, let last = days.last,
            let start = allCases.firstIndex(of: first), let end = allCases.firstIndex(of: last)
        else {
            let advice = "is no day: write mon, tue, wed, thu, fri, sat or sun, or a range such as mon-fri"
            throw ModelError(.invalidTime, found: text, advice: advice)
        }
        let count = (end - start + allCases.count) % allCases.count
        return (0...count).map { allCases[(start + $0) % allCases.count] }
    }
}
