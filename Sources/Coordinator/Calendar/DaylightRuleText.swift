/// Reads the text of a `DaylightRule`.
struct DaylightRuleText {
    private var rest: Substring

    /// Nil for anything that is no such rule.
    static func parse(_ text: String) -> DaylightRule? {
        var reader = Self(rest: text[...])
        guard let rule = reader.rule(), reader.rest.isEmpty else { return nil }
        return rule
    }

    private mutating func rule() -> DaylightRule? {
        guard name(), let west = time() else { return nil }
        let standard = -west
        guard !rest.isEmpty else { return DaylightRule(standard: standard, summer: nil) }
        guard name() else { return nil }
        // One hour ahead, unless it is said.
        var offset = standard + 3600
        if rest.first != "," {
            guard let west = time() else { return nil }
            offset = -west
        }
        guard skip(","), let start = day(), skip(","), let end = day() else { return nil }
        return DaylightRule(standard: standard, summer: .init(offset: offset, start: start, end: end))
    }

    /// `CET`, or `<+03>`.
    private mutating func name() -> Bool {
        if skip("<") {
            guard let end = rest.firstIndex(of: ">") else { return false }
            rest = rest[rest.index(after: end)...]
            return true
        }
        let letters = rest.prefix(while: \.isLetter)
        rest = rest.dropFirst(letters.count)
        return letters.count >= 3
    }

    /// `-1`, `5:30`, `+167:00:00`, in seconds.
    private mutating func time() -> Int64? {
        let sign: Int64 = skip("-") ? -1 : 1
        if sign > 0 { _ = skip("+") }
        guard let hours = number(), hours <= 167 else { return nil }
        var seconds = hours * 3600
        for unit in [60, 1] as [Int64] where skip(":") {
            guard let count = number(), count < 60 else { return nil }
            seconds += count * unit
        }
        return sign * seconds
    }

    private mutating func day() -> DaylightRule.YearDay? {
        guard let kind = kind() else { return nil }
        guard skip("/") else { return .init(kind: kind, time: 2 * 3600) }
        return time().map { .init(kind: kind, time: $0) }
    }

    private mutating func kind() -> DaylightRule.YearDay.Kind? {
        if skip("J") { return number().flatMap { 1...365 ~= $0 ? .julian($0) : nil } }
        guard skip("M") else { return number().flatMap { $0 <= 365 ? .ordinal($0) : nil } }
        guard let month = number(), 1...12 ~= month, skip("."), let week = number(), 1...5 ~= week, skip("."),
            let day = number(), day <= 6
        else { return nil }
        return .month(month, week: week, day: day)
    }

    private mutating func number() -> Int64? {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }.prefix(4)
        rest = rest.dropFirst(digits.count)
        return Int64(digits)
    }

    private mutating func skip(_ mark: Character) -> Bool {
        guard rest.first == mark else { return false }
        rest = rest.dropFirst()
        return true
    }
}
