internal import Model

/// Reads one entry of `stages`.
enum StageReader {
    typealias Stage = (policy: StagePolicy, mark: Mark)

    static func read(_ node: Node, findings: Findings) -> Stage? {
        guard let reader = MappingReader<FleetKeys.Stage>(node, "a stage", findings: findings) else { return nil }
        let kinds = FleetKeys.Stage.selections.filter { reader[$0] != nil }
        guard let kind = kinds.first, kinds.count == 1 else {
            let names = FleetKeys.Stage.selections.map(\.rawValue).joined(separator: ", ")
            let found = kinds.isEmpty ? "none" : kinds.map(\.rawValue).joined(separator: " and ")
            findings.add(.invalidValue, at: node.mark, "a stage takes exactly one of \(names); found \(found)")
            return nil
        }
        guard let selection = selection(reader, kind: kind) else { return nil }
        let bake = reader.span(.bake, in: .zero...TimeSpan.days(30)) ?? .zero
        let window = reader.value(.window, CapacityReader.window)
        let policy = StagePolicy(selection: selection, window: window, bake: bake, gates: gates(reader))
        return (policy, reader.mark(of: kind))
    }

    /// After the rest nobody is left.
    static func refuseAfterRest(_ stages: [Stage], _ findings: Findings) {
        guard let rest = stages.firstIndex(where: { $0.policy.selection == .rest }) else { return }
        for stage in stages[(rest + 1)...] {
            findings.add(.contradiction, at: stage.mark, "stages: no host is left for a stage after 'rest'")
        }
    }

    private static func selection(_ reader: MappingReader<FleetKeys.Stage>, kind: FleetKeys.Stage) -> StagePolicy
        .Selection?
    {
        switch kind {
        case .canary: reader.value(.canary, canary).map(StagePolicy.Selection.canary)
        case .region: reader.value(.region, RegionName.init(parsing:)).map(StagePolicy.Selection.region)
        case .zone: reader.value(.zone, ZoneName.init(parsing:)).map(StagePolicy.Selection.zone)
        case .hosts: hosts(reader)
        case .rest: rest(reader)
        case .window, .bake, .gates: preconditionFailure("not a selection of hosts")
        }
    }

    private static func canary(_ text: String) throws(ModelError) -> Quantity {
        let quantity = try Quantity(parsing: text)
        guard quantity != .count(0), quantity != .percent(0) else {
            throw ModelError(.invalidQuantity, found: text, advice: "is no canary: it takes at least one host")
        }
        return quantity
    }

    private static func hosts(_ reader: MappingReader<FleetKeys.Stage>) -> StagePolicy.Selection? {
        guard let nodes = reader.list(.hosts, of: "host names") else { return nil }
        let names = nodes.compactMap { reader.findings.value($0, "hosts", HostID.init(parsing:)) }
        guard !nodes.isEmpty, Set(names).count == names.count else {
            let advice = "hosts: name each host of the stage once, and at least one"
            reader.findings.add(.invalidValue, at: reader.mark(of: .hosts), advice)
            return nil
        }
        return .hosts(names)
    }

    private static func gates(_ reader: MappingReader<FleetKeys.Stage>) -> [GateName] {
        let nodes = reader.list(.gates, of: "names of gates") ?? []
        let names = nodes.compactMap { reader.findings.value($0, "gates", GateName.init(parsing:)) }
        if Set(names).count != names.count {
            reader.findings.add(.contradiction, at: reader.mark(of: .gates), "gates: name each gate once in a stage")
        }
        return names
    }

    private static func rest(_ reader: MappingReader<FleetKeys.Stage>) -> StagePolicy.Selection? {
        guard let isRest = reader.flag(.rest) else { return nil }
        guard isRest else {
            reader.findings.add(.invalidValue, at: reader.mark(of: .rest), "rest: only 'true' has a meaning here")
            return nil
        }
        return .rest
    }
}
