/// Times of the week at which new releases may move in, by the clocks of one time zone.
package struct ChangeHours: Hashable, Codable, Sendable, CustomStringConvertible {
    /// On which they begin, Monday first.
    package var days: [Weekday]
    package var from: TimeOfDay
    /// On the next day if it is not after `from`.
    package var until: TimeOfDay
    package var timeZone: TimeZoneName

    package init(days: [Weekday], from: TimeOfDay, until: TimeOfDay, timeZone: TimeZoneName) {
        self.days = Weekday.allCases.filter(days.contains)
        self.from = from
        self.until = until
        self.timeZone = timeZone
    }

    package var description: String { "\(Self.text(days)) \(from)-\(until) \(timeZone)" }

    /// Neighbours as a range: `mon-fri`, `sat, mon`.
    private static func text(_ days: [Weekday]) -> String {
        guard days.count < Weekday.allCases.count else { return "daily" }
        var runs: [[Weekday]] = []
        for (index, day) in Weekday.allCases.enumerated() where days.contains(day) {
            if index > 0, days.contains(Weekday.allCases[index - 1]), !runs.isEmpty {
                runs[runs.count - 1].append(day)
            } else {
                runs.append([day])
            }
        }
        return runs.map { run in
            guard run.count > 2, let first = run.first, let last = run.last else {
                return run.map(\.rawValue).joined(separator: ", ")
            }
            return "\(first.rawValue)-\(last.rawValue)"
        }.joined(separator: ", ")
    }
}
