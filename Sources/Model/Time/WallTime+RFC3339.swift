extension WallTime {
    /// Parses RFC 3339: `2026-03-01T12:00:05Z`, `2026-03-01T13:00:05.25+01:00`; digits beyond milliseconds are dropped.
    ///
    /// A leap second counts as the second after it.
    package init(rfc3339 text: String) throws(ModelError) {
        guard let milliseconds = Self.milliseconds(Array(text.utf8)) else {
            throw ModelError(.invalidTime, found: text, advice: "is no time: expected RFC 3339, 2026-03-01T12:00:05Z")
        }
        self.init(milliseconds: milliseconds)
    }

    /// RFC 3339 in UTC with milliseconds, `2026-03-01T12:00:05.250Z`, for machines that order events.
    package var rfc3339: String {
        let fraction = (milliseconds % 1000 + 1000) % 1000
        return "\(description.dropLast()).\(String(fraction + 1000).dropFirst())Z"
    }

    private static func milliseconds(_ text: [UInt8]) -> Int64? {
        let marks: [(Int, UInt8)] = [(4, 0x2D), (7, 0x2D), (13, 0x3A), (16, 0x3A)]
        guard text.count >= 20, marks.allSatisfy({ text[$0] == $1 }), text[10] | 0x20 == UInt8(ascii: "t"),
            let year = number(text[0..<4]), let month = number(text[5..<7]), let day = number(text[8..<10]),
            let hour = number(text[11..<13]), let minute = number(text[14..<16]), let second = number(text[17..<19]),
            1...12 ~= month, 1...Gregorian.length(ofMonth: month, year: year) ~= day, hour < 24, minute < 60,
            second <= 60
        else { return nil }
        var rest = text[19...]
        var fraction: Int64 = 0
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { 0x30...0x39 ~= $0 }
            guard !digits.isEmpty, let value = number((digits + [0x30, 0x30]).prefix(3)) else { return nil }
            fraction = value
            rest = rest.dropFirst(1 + digits.count)
        }
        guard let offset = offset(rest) else { return nil }
        let days = Gregorian.day(year: year, month: month, day: day)
        return (((days * 24 + hour) * 60 + minute - offset) * 60 + second) * 1000 + fraction
    }

    /// Minutes east of UTC.
    private static func offset(_ text: ArraySlice<UInt8>) -> Int64? {
        let text = Array(text)
        if text.count == 1, text[0] | 0x20 == UInt8(ascii: "z") { return 0 }
        guard text.count == 6, text[0] == 0x2B || text[0] == 0x2D, text[3] == 0x3A,
            let hours = number(text[1..<3]), let minutes = number(text[4..<6]), hours < 24, minutes < 60
        else { return nil }
        return (hours * 60 + minutes) * (text[0] == 0x2D ? -1 : 1)
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard digits.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }
}
