internal import Model

/// Reads `instances`, and holds the unit against the strategy: a template needs names of instances, and they a template.
enum InstanceReader {
    /// More of one service on one host is a mistake.
    private static let most = 64

    /// The names: two with `blue-green`, any with `restart`; nil without.
    static func names(_ reader: MappingReader<ServiceKeys>, strategy: Strategy) -> [InstanceName]? {
        guard let node = reader[.instances] else {
            if strategy == .blueGreen {
                let advice =
                    "strategy 'blue-green' needs the names of two instances of its template unit, for example "
                    + "instances: [8081, 8082]"
                reader.findings.add(.missingKey, at: reader.mark(of: .strategy), advice)
            }
            return nil
        }
        func refuse(_ advice: String) { reader.findings.add(.invalidValue, at: node.mark, advice) }
        let nodes = reader.list(.instances, of: "instance names") ?? []
        let names = nodes.compactMap { reader.findings.value($0, "instances", InstanceName.init(parsing:)) }
        guard names.count == nodes.count else { return nil }
        let found = names.map(\.text).joined(separator: ", ")
        switch strategy {
        case .blueGreen where names.count == 2 && names[0] != names[1]: return names
        case .restart where (1...most).contains(names.count) && Set(names).count == names.count: return names
        case .blueGreen:
            refuse("instances: exactly two different names are needed, for example [8081, 8082]; found [\(found)]")
        case .restart:
            refuse("instances: 1 to \(most) different names are needed, for example [1, 2, 3]; found [\(found)]")
        case .reload, .none:
            let advice = "instances: strategy '\(strategy.rawValue)' has none; 'restart' and 'blue-green' do"
            reader.findings.add(.contradiction, at: node.mark, advice)
        }
        return nil
    }

    static func judge(_ unit: UnitSource, strategy: Strategy, _ reader: MappingReader<ServiceKeys>) {
        func refuse(_ advice: String) { reader.findings.add(.contradiction, at: reader.mark(of: .unit), advice) }
        guard let name = unit.unitName else { return }
        let hasNames = reader[.instances] != nil
        switch (strategy, unit) {
        case (.restart, .file) where hasNames && name.isTemplate && name.text.hasSuffix(".service"): break
        case (.restart, _) where hasNames:
            refuse(
                "unit: instances need a template in the artifact, for example systemd/worker@.service; found \(name)"
            )
        case (.blueGreen, .file) where name.isTemplate && name.text.hasSuffix(".service"): break
        case (.blueGreen, _):
            let example = "systemd/\(name.text.prefix { $0 != "." && $0 != "@" })@.service"
            refuse(
                "unit: strategy 'blue-green' needs a template in the artifact, for example \(example); found \(name)"
            )
        case (.restart, _), (.reload, _), (.none, _):
            guard name.isTemplate else { return }
            refuse("unit: \(name) is a template, of which instances run: name them, for example instances: [1, 2]")
        }
    }
}
