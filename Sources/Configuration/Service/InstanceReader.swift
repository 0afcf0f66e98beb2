internal import Model

/// Reads `instances`, and holds the unit against the strategy: a template is for `blue-green`, and that for a template.
enum InstanceReader {
    static func pair(_ reader: MappingReader<ServiceKeys>, strategy: Strategy) -> InstancePair? {
        guard let node = reader[.instances] else {
            if strategy == .blueGreen {
                let advice =
                    "strategy 'blue-green' needs the names of two instances of its template unit, for example "
                    + "instances: [8081, 8082]"
                reader.findings.add(.missingKey, at: reader.mark(of: .strategy), advice)
            }
            return nil
        }
        guard strategy == .blueGreen else {
            let advice = "instances: strategy '\(strategy.rawValue)' runs one; only 'blue-green' takes two instances"
            reader.findings.add(.contradiction, at: node.mark, advice)
            return nil
        }
        let nodes = reader.list(.instances, of: "instance names") ?? []
        let names = nodes.compactMap { reader.findings.value($0, "instances", InstanceName.init(parsing:)) }
        guard names.count == nodes.count else { return nil }
        guard names.count == 2, names[0] != names[1] else {
            let found = names.map(\.text).joined(separator: ", ")
            let advice = "instances: exactly two different names are needed, for example [8081, 8082]; found [\(found)]"
            reader.findings.add(.invalidValue, at: node.mark, advice)
            return nil
        }
        return InstancePair(names[0], names[1])
    }

    static func judge(_ unit: UnitSource, strategy: Strategy, _ reader: MappingReader<ServiceKeys>) {
        func refuse(_ advice: String) { reader.findings.add(.contradiction, at: reader.mark(of: .unit), advice) }
        guard let name = unit.unitName else { return }
        switch (strategy, unit) {
        case (.blueGreen, .file) where name.isTemplate && name.text.hasSuffix(".service"): break
        case (.blueGreen, _):
            let example = "systemd/\(name.text.prefix { $0 != "." && $0 != "@" })@.service"
            refuse(
                "unit: strategy 'blue-green' needs a template in the artifact, for example \(example); found \(name)"
            )
        case (.restart, _), (.reload, _), (.none, _):
            guard name.isTemplate else { return }
            refuse("unit: \(name) is a template, of which instances run: add 'strategy: blue-green' and 'instances'")
        }
    }
}
