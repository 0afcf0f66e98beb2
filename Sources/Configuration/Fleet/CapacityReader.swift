internal import Model

/// Reads `capacity` of an environment.
enum CapacityReader {
    static func read(
        _ node: Node,
        into policy: inout CapacityPolicy,
        _ rules: inout EnvironmentRules,
        _ findings: Findings
    ) {
        guard let reader = MappingReader<FleetKeys.Capacity>(node, "capacity", findings: findings) else { return }
        rules.floor = reader[.floor]?.mark
        var zones: [CapacityPolicy.ZoneRule] = []
        for entry in reader.entries(.zones, of: "zones, for example {a: {floor: 1}}") ?? [] {
            let key = Node(mark: entry.mark, content: .scalar(entry.key, isPlain: false))
            guard let zone = findings.value(key, "zones", ZoneName.init(parsing:)),
                let inner = MappingReader<FleetKeys.Zone>(entry.value, entry.key, findings: findings)
            else { continue }
            rules.zones[zone] = inner[.floor]?.mark ?? entry.mark
            let floor = inner.value(.floor, Quantity.init(parsing:))
            zones.append(.init(zone: zone, floor: floor, window: inner.value(.window, window)))
        }
        policy = CapacityPolicy(
            floor: reader.value(.floor, Quantity.init(parsing:)),
            window: reader.value(.window, window),
            zones: zones
        )
    }

    /// A window of nothing would never move.
    static func window(_ text: String) throws(ModelError) -> Quantity {
        let quantity = try Quantity(parsing: text)
        guard quantity != .count(0), quantity != .percent(0) else {
            throw ModelError(
                .invalidQuantity,
                found: text,
                advice: "is no window: at least one host must be able to change"
            )
        }
        return quantity
    }
}
