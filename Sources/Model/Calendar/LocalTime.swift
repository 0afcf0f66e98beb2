/// What calendar and clock on the wall of some place show: a date and a time without an offset.
package struct LocalTime: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Since 1970-01-01T00:00:00 of the same calendar and clock.
    package let seconds: Int64

    package init(seconds: Int64) { self.seconds = seconds }

    /// The local time that looks like `time` in UTC.
    package init(asIfUTC time: WallTime) {
        seconds = (time.milliseconds - ((time.milliseconds % 1000) + 1000) % 1000) / 1000
    }

    /// The time of a day, counted since 1970-01-01; one past its end is a time of the next.
    package init(day: Int64, time: TimeOfDay) { seconds = day * TimeOfDay.endOfDay + time.seconds }

    /// Since 1970-01-01.
    package var day: Int64 {
        seconds >= 0 ? seconds / TimeOfDay.endOfDay : (seconds + 1) / TimeOfDay.endOfDay - 1
    }

    /// `2026-11-20T18:00:00`.
    package var description: String { String(WallTime(milliseconds: seconds * 1000).description.dropLast()) }

    package static func < (left: Self, right: Self) -> Bool { left.seconds < right.seconds }
    package static func + (left: Self, seconds: Int64) -> Self { Self(seconds: left.seconds + seconds) }
}
