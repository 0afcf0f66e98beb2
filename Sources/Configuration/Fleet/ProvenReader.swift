internal import Model

/// Reads `proven` of an environment.
enum ProvenReader {
    /// Longest that an artifact may be asked to prove itself.
    private static let longest = TimeSpan.days(30)

    /// The policy, nil where the file says nothing of it, and the place of each environment that it names.
    static func read(_ reader: MappingReader<FleetKeys.Environment>) -> (ProvenPolicy?, [Mark]) {
        let findings = reader.findings
        guard let node = reader[.proven],
            let reader = MappingReader<FleetKeys.Proven>(node, "proven", findings: findings),
            let list = reader.required(.environments)
        else { return (nil, []) }
        let nodes = findings.list(list, "in", of: "environments") ?? []
        if case .sequence([]) = list.content {
            findings.add(.invalidValue, at: list.mark, "in: name at least one environment, or leave 'proven' out")
        }
        let named = nodes.compactMap { node in
            findings.value(node, "in", EnvironmentName.init(parsing:)).map { ($0, node.mark) }
        }
        let span = reader.span(.span, in: .zero...longest) ?? .zero
        let wayBack = reader.flag(.wayBack) ?? false
        return (ProvenPolicy(environments: named.map(\.0), span: span, wayBack: wayBack), named.map(\.1))
    }
}
