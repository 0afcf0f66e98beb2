internal import Model

/// Reads `hours` and `freezes` of an environment.
struct CalendarReader {
    let findings: Findings
    /// Of the environment; each entry may have its own.
    let timeZone: TimeZoneName?

    /// Nil where the file says nothing of it.
    static func read(_ reader: MappingReader<FleetKeys.Environment>) -> ChangeCalendar? {
        let zone = reader.value(.timeZone, TimeZoneName.init(parsing:))
        let calendar = Self(findings: reader.findings, timeZone: zone)
        if zone != nil, reader[.hours] == nil, reader[.freezes] == nil {
            let advice = "time_zone: it is for 'hours' and 'freezes', and there are none; remove it"
            reader.findings.add(.contradiction, at: reader.mark(of: .timeZone), advice)
        }
        guard reader[.hours] != nil || reader[.freezes] != nil else { return nil }
        return ChangeCalendar(
            hours: (reader.list(.hours, of: "hours") ?? []).compactMap(calendar.hours),
            freezes: (reader.list(.freezes, of: "freezes") ?? []).compactMap(calendar.freeze)
        )
    }

    private func hours(_ node: Node) -> ChangeHours? {
        guard let reader = MappingReader<FleetKeys.Hours>(node, "hours", findings: findings) else { return nil }
        let days = reader[.days].map(days) ?? Weekday.allCases
        guard let from = reader.requiredValue(.from, TimeOfDay.init(parsing:)),
            let until = reader.requiredValue(.until, TimeOfDay.init(parsing:)), !days.isEmpty
        else { return nil }
        guard from != until, from.seconds < TimeOfDay.endOfDay else {
            let advice = "hours: from \(from) until \(until) is no time; a whole day is from 00:00 until 24:00"
            findings.add(.invalidValue, at: reader.mark(of: .from), advice)
            return nil
        }
        guard let zone = reader.value(.timeZone, TimeZoneName.init(parsing:)) ?? timeZone else {
            findings.add(
                .missingKey,
                at: node.mark,
                "hours: say by whose clocks: 'time_zone', for example Europe/Berlin"
            )
            return nil
        }
        return ChangeHours(days: days, from: from, until: until, timeZone: zone)
    }

    /// `mon-fri`, or a list of days and ranges.
    private func days(_ node: Node) -> [Weekday] {
        guard case .sequence(let nodes) = node.content else {
            return findings.value(node, "days", Weekday.days(parsing:)) ?? []
        }
        if nodes.isEmpty { findings.add(.invalidValue, at: node.mark, "days: name at least one, or leave the key out") }
        return nodes.flatMap { findings.value($0, "days", Weekday.days(parsing:)) ?? [] }
    }

    private func freeze(_ node: Node) -> Freeze? {
        guard let reader = MappingReader<FleetKeys.Freeze>(node, "a freeze", findings: findings) else { return nil }
        _ = reader.required(.reason)
        guard let from = reader.requiredValue(.from, CalendarMoment.init(parsing:)),
            let until = reader.requiredValue(.until, CalendarMoment.init(parsing:)),
            let reason = reader.text(.reason)
        else { return nil }
        let isLocal = from.isLocal || until.isLocal
        let zone = reader.value(.timeZone, TimeZoneName.init(parsing:)) ?? timeZone
        guard !isLocal || zone != nil else {
            let advice =
                "a freeze: say where it is \(from.isLocal ? from : until): 'time_zone', or times with an offset"
            findings.add(.missingKey, at: node.mark, advice)
            return nil
        }
        guard from.precedes(until) else {
            let advice = "a freeze: it ends at \(until), which is not after its begin at \(from)"
            findings.add(.contradiction, at: reader.mark(of: .until), advice)
            return nil
        }
        return Freeze(from: from, until: until, reason: reason, timeZone: isLocal ? zone : nil)
    }
}

extension CalendarMoment {
    fileprivate var isLocal: Bool {
        switch self {
        case .day, .local: true
        case .instant: false
        }
    }

    /// As far as it can be told without the rules of the zone.
    fileprivate func precedes(_ end: Self) -> Bool {
        switch (self, end) {
        case (.instant(let start), .instant(let end)): start < end
        case (.day(let start), .day(let end)): start <= end
        case (.day(let start), .local(let end)), (.local(let start), .local(let end)): start < end
        case (.local(let start), .day(let end)): start < end + TimeOfDay.endOfDay
        case (.instant, .day), (.instant, .local), (.day, .instant), (.local, .instant): true
        }
    }
}
