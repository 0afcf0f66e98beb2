internal import Model

/// Reads `agent.yml`; docs/configuration.md lists its keys.
package enum AgentFile {
    package static let defaultPath = "/etc/fleet/agent.yml"

    /// Parses `bytes`; `file` is what messages call it.
    package static func parse(_ bytes: [UInt8], file: String) throws(ConfigurationError) -> AgentConfiguration {
        let findings = Findings(file: file)
        let root = try YAMLText.parse(bytes, file: file)
        let configuration = MappingReader<AgentKeys>(root, "an agent file", findings: findings).flatMap(configuration)
        try findings.throwIfAny()
        guard let configuration else { preconditionFailure("an agent file without a problem has a configuration") }
        return configuration
    }

    private static func configuration(_ reader: MappingReader<AgentKeys>) -> AgentConfiguration? {
        let fleet = reader.requiredValue(.fleet, FleetName.init(parsing:))
        let host = reader.requiredValue(.host, HostID.init(parsing:))
        // Without the two names the rest is still read, so that all notes come at once.
        var configuration = AgentConfiguration(
            fleet: fleet ?? FleetName(validated: "invalid"),
            host: host ?? HostID(validated: "invalid")
        )
        configuration.listen = reader.value(.listen, HostPort.init(parsing:)) ?? configuration.listen
        configuration.root = reader.absolutePath(.root) ?? configuration.root
        configuration.keepReleases = reader.number(.keepReleases, in: 2...1000) ?? configuration.keepReleases
        let leases = TimeSpan.seconds(10)...TimeSpan.days(1)
        configuration.claimLease = reader.span(.claimLease, in: leases) ?? configuration.claimLease
        configuration.unpackTool = reader.absolutePath(.unpackTool) ?? configuration.unpackTool
        configuration.limits = limits(reader)
        configuration.paths = paths(reader).below(configuration.root)
        return fleet == nil || host == nil ? nil : configuration
    }

    private static func paths(_ reader: MappingReader<AgentKeys>) -> AgentPaths {
        var paths = AgentPaths()
        if let node = reader[.paths],
            let inner = MappingReader<AgentKeys.Path>(node, "paths", findings: reader.findings)
        {
            paths.services = inner.absolutePath(.services) ?? paths.services
            paths.state = inner.absolutePath(.state) ?? paths.state
            paths.socket = inner.absolutePath(.socket) ?? paths.socket
            paths.trust = inner.absolutePath(.trust) ?? paths.trust
            paths.units = inner.absolutePath(.units) ?? paths.units
            paths.credentials = inner.absolutePath(.credentials) ?? paths.credentials
        }
        if let node = reader[.tls], let inner = MappingReader<AgentKeys.TLS>(node, "tls", findings: reader.findings) {
            paths.authority = inner.absolutePath(.authority) ?? paths.authority
            paths.certificate = inner.absolutePath(.certificate) ?? paths.certificate
            paths.privateKey = inner.absolutePath(.key) ?? paths.privateKey
        }
        return paths
    }

    private static func limits(_ reader: MappingReader<AgentKeys>) -> AgentConfiguration.Limits {
        var limits = AgentConfiguration.Limits()
        guard let node = reader[.limits],
            let inner = MappingReader<AgentKeys.Limit>(node, "limits", findings: reader.findings)
        else { return limits }
        limits.maxEntries = inner.number(.maxEntries, in: 1...10_000_000) ?? limits.maxEntries
        limits.maxBytes = inner.value(.maxBytes, ByteCount.init(parsing:)) ?? limits.maxBytes
        limits.minFreeDisk = inner.value(.minFreeDisk, ByteCount.init(parsing:)) ?? limits.minFreeDisk
        return limits
    }
}
