internal import Model

/// Reads a host's `policy.yml`; docs/configuration.md lists its keys.
package enum TrustPolicyFile {
    /// Parses `bytes`; `file` is what messages call it.
    package static func parse(_ bytes: [UInt8], file: String) throws(ConfigurationError) -> TrustPolicy {
        let findings = Findings(file: file)
        let root = try YAMLText.parse(bytes, file: file)
        let reader = MappingReader<TrustPolicyKeys>(root, "a policy", findings: findings)
        _ = reader?.required(.rules)
        let rules = (reader?.list(.rules, of: "rules") ?? []).compactMap { rule($0, findings) }
        try findings.throwIfAny()
        return TrustPolicy(rules: rules)
    }

    private static func rule(_ node: Node, _ findings: Findings) -> TrustPolicy.Rule? {
        guard let reader = MappingReader<TrustPolicyKeys.Rule>(node, "a rule", findings: findings) else { return nil }
        _ = reader.required(.builders)
        let service = reader.value(.service, ServiceName.init(parsing:))
        let environment = reader.value(.environment, EnvironmentName.init(parsing:))
        guard let builders = reader.number(.builders, in: 1...32) else { return nil }
        return TrustPolicy.Rule(service: service, environment: environment, builders: builders)
    }
}
