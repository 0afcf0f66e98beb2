internal import Model

/// Reads `after` of an environment.
enum AfterReader {
    /// The services, and the place of each.
    static func read(_ reader: MappingReader<FleetKeys.Environment>) -> ([ServiceName], [Mark]) {
        let nodes = reader.list(.after, of: "services") ?? []
        let named = nodes.compactMap { node in
            reader.findings.value(node, "after", ServiceName.init(parsing:)).map { ($0, node.mark) }
        }
        return (named.map(\.0), named.map(\.1))
    }
}
