/// Reads Ansible inventories that are trees: YAML files, and the JSON of dynamic inventories.
struct TreeInventory {
    private let findings: Findings
    private var graph = InventoryGraph()

    /// A YAML inventory: groups with `hosts`, `vars` and `children`, nested.
    static func parse(groups root: Node, _ findings: Findings) -> InventoryGraph {
        var inventory = Self(findings: findings)
        for entry in findings.entries(root, "an inventory", of: "groups") ?? [] {
            inventory.readGroup(entry.key, entry.value)
        }
        return inventory.graph
    }

    /// What a dynamic inventory prints for `--list`: groups side by side, variables of hosts under `_meta`.
    static func parse(dynamic root: Node, _ findings: Findings) -> InventoryGraph {
        var inventory = Self(findings: findings)
        for entry in findings.entries(root, "an inventory", of: "groups") ?? [] {
            if entry.key == "_meta" {
                inventory.readMeta(entry.value)
            } else {
                inventory.readFlatGroup(entry.key, entry.value)
            }
        }
        return inventory.graph
    }

    private init(findings: Findings) { self.findings = findings }

    private mutating func readGroup(_ name: String, _ node: Node) {
        graph.declare(group: name)
        guard !node.isNothing, let parts = findings.entries(node, name, of: "hosts, vars and children") else { return }
        for part in parts where !part.value.isNothing {
            switch part.key {
            case "hosts": readHosts(part.value, group: name)
            case "vars": readVariables(part.value, group: name)
            case "children":
                for child in findings.entries(part.value, "children", of: "groups") ?? [] {
                    graph.groups[name, default: .init()].children.append(child.key)
                    readGroup(child.key, child.value)
                }
            default:
                let suggestion = Suggestion.clause(for: part.key, among: ["hosts", "vars", "children"])
                findings.add(.unknownKey, at: part.mark, "unknown key '\(part.key)' in group '\(name)'\(suggestion)")
            }
        }
    }

    private mutating func readHosts(_ node: Node, group: String) {
        for entry in findings.entries(node, "hosts", of: "host names and variables") ?? [] {
            guard let names = HostPattern.expand(entry.key) else {
                findings.add(.syntax, at: entry.mark, "'\(entry.key)' is no range of hosts")
                continue
            }
            let values = entry.value.isNothing ? [:] : variables(entry.value, of: entry.key)
            for name in names {
                graph.add(host: name, to: group, at: entry.mark)
                graph.hostVariables[name, default: [:]].merge(values) { $1 }
            }
        }
    }

    private mutating func readFlatGroup(_ name: String, _ node: Node) {
        graph.declare(group: name)
        if case .sequence(let hosts) = node.content { return readNames(hosts, group: name) }
        for part in findings.entries(node, name, of: "hosts, vars and children") ?? [] where !part.value.isNothing {
            switch part.key {
            case "hosts": readNames(findings.list(part.value, "hosts", of: "host names") ?? [], group: name)
            case "vars": readVariables(part.value, group: name)
            case "children":
                let children = findings.list(part.value, "children", of: "group names") ?? []
                graph.groups[name, default: .init()].children += children.compactMap { findings.text($0, "children") }
            default:
                findings.add(.unknownKey, at: part.mark, "unknown key '\(part.key)' in group '\(name)'")
            }
        }
    }

    private mutating func readNames(_ nodes: [Node], group: String) {
        for node in nodes {
            if let name = findings.text(node, "hosts") { graph.add(host: name, to: group, at: node.mark) }
        }
    }

    private mutating func readMeta(_ node: Node) {
        guard case .mapping(let parts) = node.content,
            let hosts = parts.first(where: { $0.key == "hostvars" })?.value
        else { return }
        for entry in findings.entries(hosts, "hostvars", of: "host names and variables") ?? [] {
            graph.hostVariables[entry.key, default: [:]].merge(variables(entry.value, of: entry.key)) { $1 }
        }
    }

    private mutating func readVariables(_ node: Node, group: String) {
        let values = variables(node, of: group)
        graph.groups[group, default: .init()].variables.merge(values) { $1 }
    }

    /// The scalars among the variables; lists and mappings are never ours.
    private func variables(_ node: Node, of name: String) -> [String: InventoryGraph.Variable] {
        var values: [String: InventoryGraph.Variable] = [:]
        for entry in findings.entries(node, name, of: "variables") ?? [] {
            guard case .scalar(let text, _) = entry.value.content else { continue }
            values[entry.key] = .init(value: text, mark: entry.value.mark)
        }
        return values
    }
}
