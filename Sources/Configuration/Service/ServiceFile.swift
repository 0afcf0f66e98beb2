package import Model

/// Reads `service.yml`, which travels inside an artifact; docs/configuration.md lists its keys.
package enum ServiceFile {
    /// Longest time that any key of the file may ask for.
    private static let longest = TimeSpan.hours(24)
    private static let shortest = TimeSpan.milliseconds(1)

    /// Parses `bytes`; `file` is what messages call it.
    package static func parse(_ bytes: [UInt8], file: String) throws(ConfigurationError) -> ServiceSpec {
        let findings = Findings(file: file)
        let root = try YAMLText.parse(bytes, file: file)
        let spec = MappingReader<ServiceKeys>(root, "a service file", findings: findings).flatMap(spec)
        try findings.throwIfAny()
        guard let spec else { preconditionFailure("a service file without a problem has a spec") }
        return spec
    }

    private static func spec(_ reader: MappingReader<ServiceKeys>) -> ServiceSpec? {
        let strategy = reader.choice(.strategy, among: Strategy.allCases) ?? .restart
        let name = reader.requiredValue(.service, ServiceName.init(parsing:))
        let unit = unit(reader, strategy: strategy)
        // Without these two the rest is still read, so that all notes come at once.
        var spec = ServiceSpec(
            service: name ?? ServiceName(validated: "invalid"),
            unit: unit ?? .absent,
            strategy: strategy
        )
        let instances = InstanceReader.names(reader, strategy: strategy)
        switch strategy {
        case .blueGreen: spec.instances = instances.map { InstancePair($0[0], $0[1]) }
        case .restart, .reload, .none: spec.copies = instances
        }
        if let unit { InstanceReader.judge(unit, strategy: strategy, reader) }
        spec.job = JobReader(strategy: strategy, unit: spec.unit).read(reader)
        spec.migration = migration(reader)
        spec.sockets = sockets(reader, strategy: strategy)
        spec.startTimeout = reader.span(.startTimeout, in: shortest...longest) ?? spec.startTimeout
        spec.healthyFor = reader.span(.healthyFor, in: .zero...longest) ?? spec.healthyFor
        spec.checkDeadline = reader.span(.checkDeadline, in: shortest...longest) ?? spec.checkDeadline
        spec.checkInterval = reader.span(.checkInterval, in: .milliseconds(50)...longest) ?? spec.checkInterval
        let checks = reader.list(.checks, of: "checks") ?? []
        let checkReader = CheckReader(instances: instances ?? [])
        spec.checks = checks.compactMap { checkReader.read($0, findings: reader.findings) }
        if strategy == .reload, spec.checks.isEmpty {
            let advice =
                "strategy 'reload' needs 'checks' that only the new release passes: a process that does not take it up "
                + "goes on as it was, and nothing else shows it"
            reader.findings.add(.missingKey, at: reader.mark(of: .strategy), advice)
        }
        if let node = reader[.hooks] {
            spec.hooks =
                HooksReader(strategy: strategy, hasJob: reader[.job] != nil).read(node, reader.findings) ?? spec.hooks
        }
        return name == nil || unit == nil ? nil : spec
    }

    private static func migration(_ file: MappingReader<ServiceKeys>) -> Migration? {
        guard let node = file[.migration],
            let reader = MappingReader<ServiceKeys.Migration>(node, "migration", findings: file.findings)
        else { return nil }
        _ = reader.required(.command)
        _ = reader.required(.reversible)
        guard let command = reader.command(.command), let isReversible = reader.flag(.reversible) else { return nil }
        var migration = Migration(command: command, isReversible: isReversible)
        migration.timeout = reader.span(.timeout, in: .seconds(1)...longest) ?? migration.timeout
        return migration
    }

    private static func unit(_ reader: MappingReader<ServiceKeys>, strategy: Strategy) -> UnitSource? {
        switch (strategy, reader[.unit]) {
        case (.none, nil): return .absent
        case (.none, let node?):
            let advice = "unit: strategy 'none' starts nothing, so it takes no unit; leave one of the two out"
            reader.findings.add(.contradiction, at: node.mark, advice)
            return nil
        case (.restart, nil), (.reload, nil), (.blueGreen, nil):
            _ = reader.required(.unit)
            return nil
        case (.restart, let node?), (.reload, let node?), (.blueGreen, let node?):
            return unit(node, reader.findings)
        }
    }

    private static func unit(_ node: Node, _ findings: Findings) -> UnitSource? {
        switch node.content {
        case .scalar:
            return findings.value(node, "unit") { (text) throws(ModelError) in
                let path = try RelativePath(parsing: text)
                try UnitName.validate(path.name)
                return .file(path)
            }
        case .mapping:
            let reader = MappingReader<ServiceKeys.Unit>(node, "unit", findings: findings)
            return reader?.requiredValue(.existing, UnitName.init(parsing:)).map(UnitSource.existing)
        case .sequence:
            findings.add("unit", expected: "a path in the artifact, or {existing: NAME.service}", found: node)
            return nil
        }
    }

    private static func sockets(_ reader: MappingReader<ServiceKeys>, strategy: Strategy) -> [RelativePath] {
        guard let node = reader[.sockets], let nodes = reader.list(.sockets, of: "paths of socket units") else {
            return []
        }
        if !nodes.isEmpty, let reason = Self.refusalOfSockets(strategy) {
            reader.findings.add(.contradiction, at: node.mark, "sockets: strategy '\(strategy.rawValue)' \(reason)")
        }
        return nodes.compactMap { node in
            reader.findings.value(node, "sockets") { (text) throws(ModelError) in
                let path = try RelativePath(parsing: text)
                try UnitName.validate(path.name)
                guard path.name.hasSuffix(".socket") else {
                    throw ModelError(
                        .invalidName,
                        found: text,
                        advice: "is no socket unit: its name must end in .socket"
                    )
                }
                return path
            }
        }
    }

    private static func refusalOfSockets(_ strategy: Strategy) -> String? {
        switch strategy {
        case .restart, .reload: nil
        case .blueGreen: "has an instance that takes over without them, so it takes no sockets"
        case .none: "starts nothing, so it takes no sockets"
        }
    }
}
