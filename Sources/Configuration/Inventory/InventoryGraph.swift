internal import Model

/// Hosts, groups and variables of an Ansible inventory, whatever its syntax.
struct InventoryGraph {
    struct Variable {
        let value: String
        let mark: Mark
    }

    struct Group {
        var hosts: Set<String> = []
        var children: [String] = []
        var variables: [String: Variable] = [:]
    }

    /// Ansible allows more; a deeper one is a cycle or a mistake.
    private static let maximumDepth = 32

    /// Each host once, where the file names it first.
    private(set) var order: [(name: String, mark: Mark)] = []
    private var known: Set<String> = []
    var groups: [String: Group] = [:]
    var hostVariables: [String: [String: Variable]] = [:]

    /// Makes a group known, even if nothing is in it.
    mutating func declare(group: String) {
        if groups[group] == nil { groups[group] = Group() }
    }

    mutating func add(host: String, to group: String, at mark: Mark) {
        if known.insert(host).inserted { order.append((host, mark)) }
        groups[group, default: Group()].hosts.insert(host)
    }

    /// The hosts of `group` and of all groups below it.
    func hosts(of group: String?, _ findings: Findings) -> [Host] {
        var members: Set<String>?
        if let group, group != "all" {
            guard groups[group] != nil else {
                let suggestion = Suggestion.clause(for: group, among: groups.keys.sorted())
                findings.add(.unknownName, at: nil, "no group is called '\(group)'\(suggestion)")
                return []
            }
            members = Set(depths(below: group, findings).keys.flatMap { groups[$0]?.hosts ?? [] })
        }
        let memberships = memberships(findings)
        return order.filter { members?.contains($0.name) ?? true }.compactMap { entry in
            let variables = variables(of: entry.name, in: memberships[entry.name] ?? [])
            return host(entry.name, at: entry.mark, variables: variables, findings)
        }
    }

    // MARK: Groups

    /// Every group reachable from `group`, with its longest distance.
    private func depths(below group: String, _ findings: Findings) -> [String: Int] {
        var depths = [group: 0]
        var level: Set<String> = [group]
        var depth = 0
        while !level.isEmpty {
            depth += 1
            guard depth <= Self.maximumDepth else {
                findings.add(.contradiction, at: nil, "group '\(group)' contains itself, or is nested too deep")
                return depths
            }
            level = Set(level.flatMap { groups[$0]?.children ?? [] })
            for name in level { depths[name] = depth }
        }
        return depths
    }

    /// For each host its groups as Ansible overrides them: outer before inner, then by name; `all` comes first.
    private func memberships(_ findings: Findings) -> [String: [String]] {
        var depth: [String: Int] = [:]
        let inner = Set(groups.values.flatMap(\.children))
        // A cycle has no root, so its members are walked from as well.
        for root in groups.keys.sorted() where root != "all" && (!inner.contains(root) || depth[root] == nil) {
            for (name, distance) in depths(below: root, findings) { depth[name] = max(depth[name] ?? 0, distance + 1) }
        }
        depth["all"] = 0
        var parents: [String: Set<String>] = [:]
        for (name, group) in groups { for child in group.children { parents[child, default: []].insert(name) } }
        var memberships: [String: Set<String>] = [:]
        for (name, group) in groups {
            let all = ancestors(of: name, parents)
            for host in group.hosts { memberships[host, default: ["all"]].formUnion(all) }
        }
        return memberships.mapValues { names in names.sorted { (depth[$0] ?? 0, $0) < (depth[$1] ?? 0, $1) } }
    }

    private func ancestors(of group: String, _ parents: [String: Set<String>]) -> Set<String> {
        var found: Set<String> = [group]
        var level = found
        while !level.isEmpty {
            level = Set(level.flatMap { parents[$0] ?? [] }).subtracting(found)
            found.formUnion(level)
        }
        return found
    }

    private func variables(of host: String, in names: [String]) -> [String: Variable] {
        var result: [String: Variable] = [:]
        for name in names { result.merge(groups[name]?.variables ?? [:]) { $1 } }
        return result.merging(hostVariables[host] ?? [:]) { $1 }
    }

    // MARK: Hosts

    private func host(
        _ name: String,
        at mark: Mark,
        variables: [String: Variable],
        _ findings: Findings
    ) -> Host? {
        let node = Node(mark: mark, content: .scalar(name, isPlain: false))
        guard let id = findings.value(node, "host", HostID.init(parsing:)) else { return nil }
        let reader = InventoryVariables(variables: variables, findings: findings)
        reader.refuseUnknown()
        var host = Host(id: id, address: name)
        host.address = reader.value(.address, HostReader.address) ?? host.address
        host.port = reader.number(.port, in: 1...65_535) ?? host.port
        host.weight = reader.number(.weight, in: HostReader.weights) ?? host.weight
        host.region = reader.value(.region, RegionName.init(parsing:))
        host.zone = reader.value(.zone, ZoneName.init(parsing:))
        return host
    }
}
