import Model
import Testing

/// Times, days and dates as people write them.
struct CalendarTests {
    @Test(
        "A time of day is what it says",
        arguments: [("00:00", 0), ("09:30", 34_200), ("22:00:05", 79_205), ("24:00", 86_400)]
    )
    func time(_ text: String, _ seconds: Int64) throws {
        let time = try TimeOfDay(parsing: text)
        #expect(time.seconds == seconds)
        #expect(time.description == text)
    }

    @Test(
        "What is no time of day is refused",
        arguments: ["", "9:00", "09", "09:60", "24:01", "25:00", "09:00:60", "-1:00", "09:00 "]
    )
    func noTime(_ text: String) {
        #expect(throws: ModelError.self) { try TimeOfDay(parsing: text) }
    }

    @Test("Days and ranges, also over the end of the week")
    func days() throws {
        #expect(try Weekday.days(parsing: "wed") == [.wednesday])
        #expect(try Weekday.days(parsing: "mon-fri").count == 5)
        #expect(try Weekday.days(parsing: "fri-mon") == [.friday, .saturday, .sunday, .monday])
        for text in ["", "mo", "mon-", "mon-tue-wed", "Mon", "mon - fri"] {
            #expect(throws: ModelError.self) { try Weekday.days(parsing: text) }
        }
        // 2026-11-27 is a Friday.
        #expect(Weekday(ofDay: Gregorian.day(year: 2026, month: 11, day: 27)) == .friday)
        #expect(Weekday(ofDay: -1) == .wednesday)
    }

    @Test(
        "Dates keep what was written",
        arguments: [
            ("2026-11-20", "2026-11-20"), ("2026-11-20T18:00", "2026-11-20T18:00:00"),
            ("2026-11-20T18:00:05", "2026-11-20T18:00:05"), ("2026-11-20T18:00:00+01:00", "2026-11-20T17:00:00Z"),
        ]
    )
    func moment(_ text: String, _ shown: String) throws {
        let moment = try CalendarMoment(parsing: text)
        #expect(moment.description == shown)
        #expect(try CalendarMoment(parsing: moment.description) == moment)
    }

    @Test(
        "What is no date is refused",
        arguments: ["", "2026-02-30", "20.11.2026", "2026-11-20 18:00", "2026-11-20T25:00"]
    )
    func noMoment(_ text: String) {
        #expect(throws: ModelError.self) { try CalendarMoment(parsing: text) }
    }

    @Test("Hours say their days in short")
    func hours() throws {
        func text(_ days: [Weekday]) throws -> String {
            ChangeHours(
                days: days,
                from: try TimeOfDay(parsing: "09:00"),
                until: try TimeOfDay(parsing: "17:00"),
                timeZone: .utc
            ).description
        }
        #expect(try text(Weekday.allCases) == "daily 09:00-17:00 UTC")
        #expect(try text([.friday, .monday, .tuesday, .wednesday]) == "mon-wed, fri 09:00-17:00 UTC")
        #expect(try text([.sunday, .saturday]) == "sat, sun 09:00-17:00 UTC")
    }

    @Test("A day number is its date and back, leap days and centuries included")
    func gregorian() {
        for day in stride(from: Int64(-800_000), to: 800_000, by: 97) {
            let date = Gregorian.date(ofDay: day)
            #expect(Gregorian.day(year: date.year, month: date.month, day: date.day) == day)
        }
    }
}
