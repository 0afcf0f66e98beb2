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
        let regions = places(reader, .regions, RegionName.self, Place.region, &rules)
        let zones = places(reader, .zones, ZoneName.self, Place.zone, &rules)
        policy = CapacityPolicy(
            floor: reader.value(.floor, Quantity.init(parsing:)),
            window: reader.value(.window, window),
            places: regions + zones
        )
    }

    private static func places<Named: Name>(
        _ reader: MappingReader<FleetKeys.Capacity>,
        _ key: FleetKeys.Capacity,
        _ name: Named.Type,
        _ place: (Named) -> Place,
        _ rules: inout EnvironmentRules
    ) -> [CapacityPolicy.PlaceRule] {
        let entries = reader.entries(key, of: "\(key.rawValue), for example {a: {floor: 1}}") ?? []
        return entries.compactMap { entry in
            let node = Node(mark: entry.mark, content: .scalar(entry.key, isPlain: false))
            guard let name = reader.findings.value(node, key.rawValue, Named.init(parsing:)),
                let inner = MappingReader<FleetKeys.Place>(entry.value, entry.key, findings: reader.findings)
            else { return nil }
            rules.places[place(name)] = inner[.floor]?.mark ?? entry.mark
            let floor = inner.value(.floor, Quantity.init(parsing:))
            return CapacityPolicy.PlaceRule(place: place(name), floor: floor, window: inner.value(.window, window))
        }
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
