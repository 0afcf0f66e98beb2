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
        let service = reader.value(.service, ServiceName.init(parsing:))
        let environment = reader.value(.environment, EnvironmentName.init(parsing:))
        guard
            reader[.builders] != nil || reader[.approvals] != nil || reader[.attestations] != nil
                || reader[.maxAge] != nil
        else {
            findings.add(
                .missingKey,
                at: reader.mark,
                "a rule demands nothing: give it builders, approvals, max_age or attestations"
            )
            return nil
        }
        // Without the key a rule demands what every host does.
        let builders = reader[.builders] == nil ? 1 : reader.number(.builders, in: 1...32)
        let approvals = reader[.approvals] == nil ? 0 : reader.number(.approvals, in: 0...20)
        let maximumAge = reader.span(.maxAge, in: .seconds(1) ... .days(3650))
        let attestations = (reader.list(.attestations, of: "attestations") ?? []).compactMap { demand($0, findings) }
        guard let builders, let approvals else { return nil }
        return TrustPolicy.Rule(
            service: service,
            environment: environment,
            builders: builders,
            maximumAge: maximumAge,
            attestations: attestations,
            approvals: approvals
        )
    }

    private static func demand(_ node: Node, _ findings: Findings) -> AttestationDemand? {
        typealias Reader = MappingReader<TrustPolicyKeys.Attestation>
        guard let reader = Reader(node, "an attestation", findings: findings) else { return nil }
        _ = reader.required(.type)
        let attesters = (reader.list(.by, of: "names of attesters") ?? []).compactMap { findings.text($0, "by") }
        if reader[.by] != nil, attesters.isEmpty {
            findings.add(.invalidValue, at: reader.mark(of: .by), "by: name an attester, or leave it out for any")
        }
        let count = reader.number(.count, in: 1...32) ?? 1
        guard let kind = reader.choice(.type, among: AttestationKind.allCases) else { return nil }
        return AttestationDemand(kind, by: attesters, count: count)
    }
}
