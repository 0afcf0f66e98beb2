package import Model
internal import Rollout

/// A calendar as moments on the time line, by the rules of its time zones.
package struct OpenTimes: Sendable {
    private let calendar: ChangeCalendar
    private let zones: [TimeZoneName: TimeZoneRules]

    /// How far ahead of a moment anybody looks for the next opening.
    private static let horizon: Int64 = 400
    /// Days around a moment in which hours that hold it can begin.
    private static let reach: ClosedRange<Int64> = -2...8

    /// - Throws: `configuration.invalid` for a time zone that the machine does not know.
    package init(_ calendar: ChangeCalendar) throws(CoordinatorError) {
        self.calendar = calendar
        var zones: [TimeZoneName: TimeZoneRules] = [:]
        for zone in calendar.timeZones.sorted() { zones[zone] = try TimeZoneDatabase.rules(of: zone) }
        self.zones = zones
    }

    /// Whether the calendar is open at a moment, and until when at least it stays as it is.
    func state(at now: WallTime) -> (closure: Closure?, until: WallTime) {
        let spans = spans(around: now)
        if let freeze = freeze(at: now) {
            return (Closure("freeze: \(freeze.reason)", until: opening(after: now)), min(end(of: freeze), later(now)))
        }
        if !calendar.hours.isEmpty, !spans.contains(where: { $0.contains(now) }) {
            let hours = calendar.hours.map(\.description).joined(separator: "; ")
            let opens = opening(after: now)
            let change = calendar.freezes.map(start).filter { $0 > now }.min() ?? later(now)
            return (Closure("outside of its hours, \(hours)", until: opens), min(change, opens ?? later(now)))
        }
        let freezes = calendar.freezes.map(start).filter { $0 > now }.min() ?? later(now)
        return (nil, min(freezes, calendar.hours.isEmpty ? later(now) : end(of: spans, from: now)))
    }

    /// The first moment from `now` on at which it is open.
    func opening(after now: WallTime) -> WallTime? {
        var moment = now
        let last = now + .days(Self.horizon)
        while moment < last {
            if let freeze = freeze(at: moment) {
                moment = end(of: freeze)
                continue
            }
            let spans = spans(around: moment)
            if calendar.hours.isEmpty || spans.contains(where: { $0.contains(moment) }) { return moment }
            // Nothing begins for a week only where all of it falls into an hour that the clocks jump over.
            moment = spans.map(\.lowerBound).filter { $0 > moment }.min() ?? later(moment)
        }
        return nil
    }

    private func later(_ moment: WallTime) -> WallTime { moment + .days(Self.reach.upperBound - 2) }

    // MARK: Hours

    private func spans(around moment: WallTime) -> [Range<WallTime>] {
        calendar.hours.flatMap { hours -> [Range<WallTime>] in
            guard let zone = zones[hours.timeZone] else { return [] }
            let today = zone.local(at: moment).day
            return Self.reach.compactMap { offset in
                let day = today + offset
                guard hours.days.contains(Weekday(ofDay: day)) else { return nil }
                let endDay = hours.until > hours.from ? day : day + 1
                let start = zone.moments(of: LocalTime(day: day, time: hours.from)).first
                let end = zone.moments(of: LocalTime(day: endDay, time: hours.until)).last
                return start < end ? start..<end : nil
            }
        }
    }

    /// The end of hours that hold a moment, together with all that follow without a gap.
    private func end(of spans: [Range<WallTime>], from moment: WallTime) -> WallTime {
        var end = moment
        while let further = spans.filter({ $0.contains(end) }).map(\.upperBound).max(), further > end { end = further }
        return min(end, later(moment))
    }

    // MARK: Freezes

    private func freeze(at moment: WallTime) -> Freeze? {
        // The one that ends last says how long it takes.
        calendar.freezes.filter { start($0) <= moment && moment < end(of: $0) }.max { end(of: $0) < end(of: $1) }
    }

    private func start(_ freeze: Freeze) -> WallTime {
        switch freeze.from {
        case .instant(let moment): moment
        case .day(let local), .local(let local): zone(of: freeze).moments(of: local).first
        }
    }

    /// Whether a freeze is over.
    func isOver(_ freeze: Freeze, at now: WallTime) -> Bool { end(of: freeze) <= now }

    private func end(of freeze: Freeze) -> WallTime {
        switch freeze.until {
        case .instant(let moment): moment
        case .local(let local): zone(of: freeze).moments(of: local).last
        case .day(let local): zone(of: freeze).moments(of: local + TimeOfDay.endOfDay).first
        }
    }

    private func zone(of freeze: Freeze) -> TimeZoneRules { freeze.timeZone.flatMap { zones[$0] } ?? .utc }
}
