internal import Model

/// Reads `job`, and holds it against the unit: a timer has one, and nothing else has.
struct JobReader {
    let strategy: Strategy
    let unit: UnitSource

    func read(_ reader: MappingReader<ServiceKeys>) -> TimedJob? {
        let isTimer = unit.unitName?.text.hasSuffix(".timer") ?? false
        guard let node = reader[.job] else {
            if isTimer {
                let advice =
                    "unit: a timer needs the service that it starts, for example "
                    + "job: {unit: systemd/report.service, within: 1h}"
                reader.findings.add(.missingKey, at: reader.mark(of: .unit), advice)
            }
            return nil
        }
        func refuse(_ advice: String) { reader.findings.add(.contradiction, at: node.mark, "job: \(advice)") }
        switch unit {
        case .file where isTimer: break
        case .file, .absent: refuse("belongs to a timer unit, for example unit: systemd/report.timer")
        case .existing(let name): refuse("\(name) was installed by somebody else, who has brought its service, too")
        }
        if strategy != .restart { refuse("a timer needs strategy 'restart', found '\(strategy.rawValue)'") }
        for key in [ServiceKeys.sockets] where reader[key] != nil { refuse("a timer takes no '\(key.rawValue)'") }
        return job(node, reader.findings)
    }

    private func job(_ node: Node, _ findings: Findings) -> TimedJob? {
        guard let reader = MappingReader<ServiceKeys.Job>(node, "job", findings: findings),
            reader.required(.unit) != nil, reader.required(.within) != nil,
            let path = reader.value(.unit, Self.path),
            let within = reader.span(.within, in: .seconds(1)...TimeSpan.hours(24))
        else { return nil }
        return TimedJob(unit: path, within: within, isTried: reader.flag(.trial) ?? false)
    }

    private static func path(_ text: String) throws(ModelError) -> RelativePath {
        let path = try RelativePath(parsing: text)
        let name = try UnitName(parsing: path.name)
        guard path.name.hasSuffix(".service"), !name.isTemplate else {
            throw ModelError(.invalidName, found: text, advice: "is no service that a timer starts: write NAME.service")
        }
        return path
    }
}
