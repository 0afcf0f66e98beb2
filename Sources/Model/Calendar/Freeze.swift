/// A time in which no new release moves in, whatever the hours.
package struct Freeze: Hashable, Codable, Sendable, CustomStringConvertible {
    package var from: CalendarMoment
    /// A day alone counts to its end.
    package var until: CalendarMoment
    package var reason: String
    /// Where days and local times are; nil where both ends have an offset.
    package var timeZone: TimeZoneName?

    package init(from: CalendarMoment, until: CalendarMoment, reason: String, timeZone: TimeZoneName?) {
        self.from = from
        self.until = until
        self.reason = reason
        self.timeZone = timeZone
    }

    package var description: String {
        "\(from) to \(until)\(timeZone.map { " \($0)" } ?? ""): \(reason)"
    }
}
