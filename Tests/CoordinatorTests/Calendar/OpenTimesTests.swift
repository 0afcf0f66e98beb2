import Model
import Rollout
import Testing

@testable import Coordinator

/// When a calendar is open: in several zones, over midnight, and where clocks are put forward and back.
struct OpenTimesTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let what: String
        var hours: [String] = []
        var freezes: [String] = []
        /// The moment that is looked at.
        let at: String
        /// Nil where it is open.
        let opens: String?
        var testDescription: String { what }
    }

    private static let office = "mon-fri 09:00 17:00 Europe/Berlin"

    static let rows: [Row] = [
        Row(what: "an empty calendar", at: "2026-11-27T03:00:00Z", opens: nil),
        Row(what: "before the hours", hours: [office], at: "2026-11-27T07:59:59Z", opens: "2026-11-27T08:00:00Z"),
        Row(what: "the first moment", hours: [office], at: "2026-11-27T08:00:00Z", opens: nil),
        Row(what: "the last moment", hours: [office], at: "2026-11-27T15:59:59Z", opens: nil),
        Row(what: "Friday evening", hours: [office], at: "2026-11-27T16:00:00Z", opens: "2026-11-30T08:00:00Z"),
        Row(what: "the same hours in summer", hours: [office], at: "2026-07-03T07:00:00Z", opens: nil),
        Row(
            what: "over the change to winter time",
            hours: [office],
            at: "2026-10-23T15:00:00Z",
            opens: "2026-10-26T08:00:00Z"
        ),
        Row(
            what: "over the change to summer time",
            hours: [office],
            at: "2026-03-27T16:00:00Z",
            opens: "2026-03-30T07:00:00Z"
        ),
        Row(
            what: "hours that the clocks jump over",
            hours: ["daily 02:15 02:45 Europe/Berlin"],
            at: "2026-03-28T12:00:00Z",
            opens: "2026-03-30T00:15:00Z"
        ),
        Row(
            what: "hours that begin where the clocks jump",
            hours: ["daily 02:15 04:00 Europe/Berlin"],
            at: "2026-03-29T00:59:59Z",
            opens: "2026-03-29T01:00:00Z"
        ),
        Row(
            what: "the hour that there is twice, first time",
            hours: ["daily 02:15 02:45 Europe/Berlin"],
            at: "2026-10-25T00:15:00Z",
            opens: nil
        ),
        Row(
            what: "between the two",
            hours: ["daily 02:15 02:45 Europe/Berlin"],
            at: "2026-10-25T01:05:00Z",
            opens: nil
        ),
        Row(
            what: "after the second",
            hours: ["daily 02:15 02:45 Europe/Berlin"],
            at: "2026-10-25T01:45:00Z",
            opens: "2026-10-26T01:15:00Z"
        ),
        Row(
            what: "over midnight",
            hours: ["fri 22:00 02:00 America/New_York"],
            at: "2026-11-28T06:59:59Z",
            opens: nil
        ),
        Row(
            what: "after midnight",
            hours: ["fri 22:00 02:00 America/New_York"],
            at: "2026-11-28T07:00:00Z",
            opens: "2026-12-05T03:00:00Z"
        ),
        Row(
            what: "a team that follows the sun",
            hours: [office, "mon-fri 09:00 17:00 America/New_York"],
            at: "2026-11-27T18:00:00Z",
            opens: nil
        ),
        Row(
            what: "half an hour of daylight saving",
            hours: ["mon 09:00 10:00 Australia/Lord_Howe"],
            at: "2026-10-04T00:00:00Z",
            opens: "2026-10-04T22:00:00Z"
        ),
        Row(
            what: "days that follow without a gap",
            hours: ["sat-sun 00:00 24:00 Asia/Tokyo"],
            at: "2026-11-28T15:00:00Z",
            opens: nil
        ),
        Row(
            what: "the first moment of a frozen day",
            freezes: ["2026-11-27 2026-11-30 Europe/Berlin"],
            at: "2026-11-26T23:00:00Z",
            opens: "2026-11-30T23:00:00Z"
        ),
        Row(
            what: "before a frozen day",
            freezes: ["2026-11-27 2026-11-30 Europe/Berlin"],
            at: "2026-11-26T22:59:59Z",
            opens: nil
        ),
        Row(
            what: "a freeze that ends at night",
            hours: [office],
            freezes: ["2026-11-20T12:00:00+01:00 2026-11-27T22:00:00+01:00 -"],
            at: "2026-11-27T10:00:00Z",
            opens: "2026-11-30T08:00:00Z"
        ),
        Row(
            what: "freezes that overlap",
            freezes: ["2026-11-20 2026-11-27 UTC", "2026-11-25T10:00 2026-12-01T12:00 UTC"],
            at: "2026-11-26T00:00:00Z",
            opens: "2026-12-01T12:00:00Z"
        ),
        Row(
            what: "a night that leads into a freeze",
            hours: [office],
            freezes: ["2026-11-30 2026-12-01 Europe/Berlin"],
            at: "2026-11-28T10:00:00Z",
            opens: "2026-12-02T08:00:00Z"
        ),
        Row(
            what: "a day that a zone has left out",
            freezes: ["2011-12-29 2011-12-30 Pacific/Apia"],
            at: "2011-12-29T12:00:00Z",
            opens: "2011-12-30T10:00:00Z"
        ),
    ]

    @Test("A calendar says when it opens next", arguments: rows)
    func opens(_ row: Row) throws {
        let now = try WallTime(rfc3339: row.at)
        let times = try OpenTimes(Self.calendar(row))
        let state = times.state(at: now)
        #expect(state.closure?.until?.description == row.opens)
        #expect((state.closure == nil) == (row.opens == nil))
        #expect(state.until > now)
    }

    @Test("Between two looks nothing changes, over four days", arguments: rows)
    func changes(_ row: Row) throws {
        let start = try WallTime(rfc3339: row.at) + .days(-2)
        let times = try OpenTimes(Self.calendar(row))
        var known = times.state(at: start)
        for minute in stride(from: 0, to: 4 * 1440, by: 15) {
            let now = start + .minutes(Int64(minute))
            let found = times.state(at: now)
            if now < known.until, found.closure != known.closure {
                Issue.record("at \(now) it is \(found), and was \(known)")
                return
            }
            if now >= known.until { known = found }
            if let opens = found.closure?.until { #expect(times.state(at: opens).closure == nil) }
        }
    }

    private static func calendar(_ row: Row) throws -> ChangeCalendar {
        ChangeCalendar(
            hours: try row.hours.map { text in
                let words = text.split(separator: " ").map(String.init)
                return ChangeHours(
                    days: words[0] == "daily" ? Weekday.allCases : try Weekday.days(parsing: words[0]),
                    from: try TimeOfDay(parsing: words[1]),
                    until: try TimeOfDay(parsing: words[2]),
                    timeZone: try TimeZoneName(parsing: words[3])
                )
            },
            freezes: try row.freezes.map { text in
                let words = text.split(separator: " ").map(String.init)
                return Freeze(
                    from: try CalendarMoment(parsing: words[0]),
                    until: try CalendarMoment(parsing: words[1]),
                    reason: "test",
                    timeZone: words[2] == "-" ? nil : try TimeZoneName(parsing: words[2])
                )
            }
        )
    }
}
