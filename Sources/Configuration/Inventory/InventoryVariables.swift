internal import Model

/// Reads the variables of one host that mean something to Fleet.
struct InventoryVariables {
    enum Key: String, CaseIterable {
        case address = "ansible_host"
        case port = "fleet_port"
        case weight = "fleet_weight"
        case region = "fleet_region"
        case zone = "fleet_zone"
    }

    let variables: [String: InventoryGraph.Variable]
    let findings: Findings

    /// An inventory is full of variables that are none of our business; only our own prefix is checked.
    func refuseUnknown() {
        for (name, variable) in variables where name.hasPrefix("fleet_") && Key(rawValue: name) == nil {
            let names = Key.allCases.map(\.rawValue)
            let suggestion = Suggestion.clause(for: name, among: names)
            findings.add(.unknownKey, at: variable.mark, "unknown variable '\(name)'\(suggestion)")
        }
    }

    func value<Value>(_ key: Key, _ parse: (String) throws(ModelError) -> Value) -> Value? {
        node(key).flatMap { findings.value($0, key.rawValue, parse) }
    }

    func number(_ key: Key, in range: ClosedRange<Int>) -> Int? {
        node(key).flatMap { findings.number($0, key.rawValue, in: range) }
    }

    private func node(_ key: Key) -> Node? {
        variables[key.rawValue].map { Node(mark: $0.mark, content: .scalar($0.value, isPlain: false)) }
    }
}
