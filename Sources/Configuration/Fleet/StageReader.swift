internal import Model

/// Reads one entry of `stages`.
enum StageReader {
    typealias Stage = (policy: StagePolicy, mark: Mark, floor: Mark)

    static func read(_ node: Node, findings: Findings) -> Stage? {
        guard let reader = MappingReader<FleetKeys.Stage>(node, "a stage", findings: findings) else { return nil }
        let kinds = FleetKeys.Stage.selections.filter { reader[$0] != nil }
        let isLabelAlone = kinds.isEmpty && reader[.label] != nil
        guard kinds.count == 1 || isLabelAlone else {
            let names = FleetKeys.Stage.selections.map(\.rawValue).joined(separator: ", ")
            let found = kinds.isEmpty ? "none" : kinds.map(\.rawValue).joined(separator: " and ")
            findings.add(
                .invalidValue,
                at: node.mark,
                "a stage takes exactly one of \(names), or a label; found \(found)"
            )
            return nil
        }
        let kind = kinds.first ?? .label
        guard let selection = selection(reader, kind: kind) else { return nil }
        let label = reader.value(.label, HostLabel.init(parsing:))
        let bake = reader.span(.bake, in: .zero...TimeSpan.days(30))
        let policy = StagePolicy(
            selection: selection,
            label: label,
            window: reader.value(.window, CapacityReader.window),
            floor: reader.value(.floor, Quantity.init(parsing:)),
            bake: bake,
            gates: gates(reader)
        )
        if case .canaries = selection, label != nil {
            let advice = "label: has no meaning for canaries that are named: leave it out, or say how many"
            findings.add(.contradiction, at: reader.mark(of: .label), advice)
        }
        return (policy, reader.mark(of: kind), reader.mark(of: .floor))
    }

    /// After the rest nobody is left.
    static func refuseAfterRest(_ stages: [Stage], _ findings: Findings) {
        guard let rest = stages.firstIndex(where: { $0.policy.selection == .rest && $0.policy.label == nil }) else {
            return
        }
        for stage in stages[(rest + 1)...] {
            findings.add(.contradiction, at: stage.mark, "stages: no host is left for a stage after 'rest'")
        }
    }

    private static func selection(_ reader: MappingReader<FleetKeys.Stage>, kind: FleetKeys.Stage) -> StagePolicy
        .Selection?
    {
        switch kind {
        case .canary: canary(reader)
        case .ramp: ramp(reader).map(StagePolicy.Selection.ramp)
        case .region: reader.value(.region, RegionName.init(parsing:)).map(StagePolicy.Selection.region)
        case .regions: regions(reader)
        case .zone: reader.value(.zone, ZoneName.init(parsing:)).map(StagePolicy.Selection.zone)
        case .hosts: hosts(reader, .hosts).map(StagePolicy.Selection.hosts)
        case .rest: rest(reader)
        case .label: .rest
        case .window, .floor, .bake, .gates: preconditionFailure("not a selection of hosts")
        }
    }

    /// How many, or which.
    private static func canary(_ reader: MappingReader<FleetKeys.Stage>) -> StagePolicy.Selection? {
        guard case .sequence? = reader[.canary]?.content else {
            return reader.value(.canary, canary).map(StagePolicy.Selection.canary)
        }
        return hosts(reader, .canary).map(StagePolicy.Selection.canaries)
    }

    private static func canary(_ text: String) throws(ModelError) -> Quantity {
        let quantity = try Quantity(parsing: text)
        guard quantity != .count(0), quantity != .percent(0) else {
            throw ModelError(.invalidQuantity, found: text, advice: "is no canary: it takes at least one host")
        }
        return quantity
    }

    /// Steps that go on: each of the same kind as the one before is larger.
    private static func ramp(_ reader: MappingReader<FleetKeys.Stage>) -> [Quantity]? {
        guard let nodes = reader.list(.ramp, of: "quantities") else { return nil }
        let steps = nodes.compactMap { reader.findings.value($0, "ramp", canary) }
        guard steps.count == nodes.count else { return nil }
        let isRising = zip(steps, steps.dropFirst()).allSatisfy { step, next in
            switch (step, next) {
            case (.count(let count), .count(let more)): count < more
            case (.percent(let share), .percent(let more)): share < more
            case (.count, .percent): true
            case (.percent, .count): false
            }
        }
        guard steps.count > 1, isRising else {
            let advice =
                "ramp: each step reaches more hosts than the one before, numbers before shares: [1, 10%, 50%, 100%]"
            reader.findings.add(.invalidValue, at: reader.mark(of: .ramp), advice)
            return nil
        }
        return steps
    }

    private static func hosts(_ reader: MappingReader<FleetKeys.Stage>, _ key: FleetKeys.Stage) -> [HostID]? {
        guard let nodes = reader.list(key, of: "host names") else { return nil }
        let names = nodes.compactMap { reader.findings.value($0, key.rawValue, HostID.init(parsing:)) }
        guard !nodes.isEmpty, Set(names).count == names.count else {
            let advice = "\(key.rawValue): name each host of the stage once, and at least one"
            reader.findings.add(.invalidValue, at: reader.mark(of: key), advice)
            return nil
        }
        return names
    }

    /// An order, or the names of those that go at once.
    private static func regions(_ reader: MappingReader<FleetKeys.Stage>) -> StagePolicy.Selection? {
        guard case .sequence? = reader[.regions]?.content else {
            return reader.choice(.regions, among: StagePolicy.RegionOrder.allCases).map(StagePolicy.Selection.regions)
        }
        guard let nodes = reader.list(.regions, of: "region names") else { return nil }
        let names = nodes.compactMap { reader.findings.value($0, "regions", RegionName.init(parsing:)) }
        guard names.count == nodes.count else { return nil }
        guard names.count > 1, Set(names).count == names.count else {
            let advice = "regions: name each region that goes at once, two at least; for one say 'region'"
            reader.findings.add(.invalidValue, at: reader.mark(of: .regions), advice)
            return nil
        }
        return .together(names)
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
