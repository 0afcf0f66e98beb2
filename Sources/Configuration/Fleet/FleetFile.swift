internal import Model

/// Reads `fleet.yml`; docs/configuration.md lists its keys.
package enum FleetFile {
    package static let fileName = "fleet.yml"

    /// Parses `bytes`; `file` is what messages call it.
    package static func parse(_ bytes: [UInt8], file: String) throws(ConfigurationError) -> FleetConfiguration {
        let findings = Findings(file: file)
        let root = try YAMLText.parse(bytes, file: file)
        let configuration = MappingReader<FleetKeys>(root, "a fleet file", findings: findings).flatMap(configuration)
        try findings.throwIfAny()
        guard let configuration else { preconditionFailure("a fleet file without a problem has a configuration") }
        return configuration
    }

    private static func configuration(_ reader: MappingReader<FleetKeys>) -> FleetConfiguration? {
        let findings = reader.findings
        let name = reader.requiredValue(.fleet, FleetName.init(parsing:))
        let coordinator = reader.value(.coordinator, HostPort.init(parsing:))
        let services = self.services(reader, areOptional: coordinator != nil)
        return name.map {
            FleetConfiguration(file: findings.file, fleet: $0, coordinator: coordinator, services: services)
        }
    }

    private static func services(
        _ reader: MappingReader<FleetKeys>,
        areOptional: Bool
    ) -> [FleetConfiguration.Service] {
        let findings = reader.findings
        guard let node = areOptional ? reader[.services] : reader.required(.services),
            let entries = findings.entries(node, "services", of: "service names and what they are")
        else { return [] }
        if entries.isEmpty { findings.add(.invalidValue, at: node.mark, "services: name at least one") }
        let services = entries.compactMap { service($0, findings) }
        AfterRules(services).check(findings)
        ServiceGateRules(services).check(findings)
        return services
    }

    private static func service(_ entry: Node.Entry, _ findings: Findings) -> FleetConfiguration.Service? {
        let name = findings.name(entry, "services", ServiceName.init(parsing:))
        guard let reader = MappingReader<FleetKeys.Service>(entry.value, entry.key, findings: findings),
            let node = reader.required(.environments),
            let entries = findings.entries(node, "environments", of: "environment names and what they are")
        else { return nil }
        if entries.isEmpty { findings.add(.invalidValue, at: node.mark, "environments: name at least one") }
        // Without a valid name the environments are still read, so that all notes come at once.
        let readable = name ?? ServiceName(validated: "invalid")
        let gates = GateReader.entries(reader, .gates)
        let environments = entries.compactMap { entry -> FleetEnvironment? in
            findings.name(entry, "environments", EnvironmentName.init(parsing:)).flatMap {
                EnvironmentReader(findings: findings, service: readable, name: $0, shared: gates).read(entry.value)
            }
        }
        ProvenRules(environments).check(findings)
        check(gates, of: environments, areAll: environments.count == entries.count, findings)
        return name.map {
            FleetConfiguration.Service(name: $0, artifacts: reader.text(.artifacts), environments: environments)
        }
    }
}

extension FleetFile {
    /// The gates of a service: right, whoever has one of the same name, and named by a stage that means them.
    private static func check(
        _ gates: [Node.Entry],
        of environments: [FleetEnvironment],
        areAll: Bool,
        _ findings: Findings
    ) {
        _ = GateReader.read(gates, onFail: .rollback, findings)
        guard areAll, !environments.contains(where: \.hasUnreadStages) else { return }
        for gate in gates {
            let name = GateName(validated: gate.key)
            let sharing = environments.filter { $0.mark(of: name) == gate.mark }
            GateReader.checkUse([gate], by: sharing.flatMap(\.stages), findings)
        }
    }
}

extension Findings {
    /// The key of an entry as a name; nil with a note if it is none.
    fileprivate func name<Value>(
        _ entry: Node.Entry,
        _ what: String,
        _ parse: (String) throws(ModelError) -> Value
    ) -> Value? {
        value(Node(mark: entry.mark, content: .scalar(entry.key, isPlain: false)), what, parse)
    }
}
