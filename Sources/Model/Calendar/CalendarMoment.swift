/// A moment as people write it in a calendar; what is local is so in the time zone beside it.
package enum CalendarMoment: Hashable, Sendable, CustomStringConvertible {
    /// `2026-11-20`: the whole day.
    case day(LocalTime)
    /// `2026-11-20T18:00`.
    case local(LocalTime)
    /// `2026-11-20T18:00:00+01:00`: the same everywhere.
    case instant(WallTime)

    package init(parsing text: String) throws(ModelError) {
        if let day = try? WallTime(rfc3339: "\(text)T00:00:00Z") {  // tried in turn; the last says what is wrong
            self = .day(LocalTime(asIfUTC: day))
        } else if let time = (try? WallTime(rfc3339: "\(text)Z")) ?? (try? WallTime(rfc3339: "\(text):00Z")) {
            self = .local(LocalTime(asIfUTC: time))
        } else if let instant = try? WallTime(rfc3339: text) {
            self = .instant(instant)
        } else {
            let advice = "is no date: write 2026-11-20, 2026-11-20T18:00, or with an offset 2026-11-20T18:00:00+01:00"
            throw ModelError(.invalidTime, found: text, advice: advice)
        }
    }

    package var description: String {
        switch self {
        case .day(let time): String(time.description.prefix(10))
        case .local(let time): time.description
        case .instant(let time): time.description
        }
    }
}

extension CalendarMoment: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
