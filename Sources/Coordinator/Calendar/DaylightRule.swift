internal import Model

/// The rule by which a zone's clocks change every year, as POSIX writes it: `CET-1CEST,M3.5.0,M10.5.0/3`.
///
/// RFC 9636 section 3.3.1 and POSIX.1 section 8.3 (TZ), with the hours -167 to 167 of RFC 9636.
struct DaylightRule: Hashable, Sendable {
    /// Seconds east of UTC.
    let standard: Int64
    /// Nil where the clocks never change.
    let summer: Summer?

    struct Summer: Hashable, Sendable {
        let offset: Int64
        let start: YearDay
        let end: YearDay
    }

    /// A day of each year and the time on it, in seconds since midnight by the clocks as they are before it.
    struct YearDay: Hashable, Sendable {
        let kind: Kind
        let time: Int64

        enum Kind: Hashable, Sendable {
            /// `J60`: 1 to 365, February 29 is never counted.
            case julian(Int64)
            /// `59`: 0 to 365, leap days counted.
            case ordinal(Int64)
            /// `M3.5.0`: week 5 is the last; day 0 is Sunday.
            case month(Int64, week: Int64, day: Int64)
        }
    }

    func offset(at moment: Int64) -> Int64 {
        guard let summer else { return standard }
        let year = Gregorian.year(ofDay: Gregorian.day(of: moment + standard))
        let start = summer.start.moment(in: year) - standard
        let end = summer.end.moment(in: year) - summer.offset
        let isSummer = start < end ? start..<end ~= moment : !(end..<start ~= moment)
        return isSummer ? summer.offset : standard
    }
}

extension DaylightRule.YearDay {
    /// By the clocks as they are before it, since 1970.
    func moment(in year: Int64) -> Int64 { day(in: year) * 86_400 + time }

    private func day(in year: Int64) -> Int64 {
        let first = Gregorian.day(year: year, month: 1, day: 1)
        switch kind {
        case .julian(let number):
            let isPastLeapDay = number > 59 && Gregorian.isLeap(year)
            return first + number - 1 + (isPastLeapDay ? 1 : 0)
        case .ordinal(let number): return first + number
        case .month(let month, let week, let day):
            let start = Gregorian.day(year: year, month: month, day: 1)
            let weekday = ((start + 4) % 7 + 7) % 7
            let found = start + (day - weekday + 7) % 7 + (week - 1) * 7
            return found < start + Gregorian.length(ofMonth: month, year: year) ? found : found - 7
        }
    }
}
