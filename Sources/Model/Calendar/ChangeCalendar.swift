/// When new releases may move into an environment; an empty one says always.
package struct ChangeCalendar: Hashable, Codable, Sendable {
    /// At any of these; empty means at all times.
    package var hours: [ChangeHours]
    package var freezes: [Freeze]

    package init(hours: [ChangeHours] = [], freezes: [Freeze] = []) {
        self.hours = hours
        self.freezes = freezes
    }

    package var isEmpty: Bool { hours.isEmpty && freezes.isEmpty }

    package var timeZones: Set<TimeZoneName> { Set(hours.map(\.timeZone) + freezes.compactMap(\.timeZone)) }
}
