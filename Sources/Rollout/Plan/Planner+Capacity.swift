import Model

extension Planner {
    /// The capacity policy in numbers: floors rounded up, windows rounded down, at least 1.
    func capacity() throws(PlanRefusal) -> PlannedCapacity {
        let environment = request.environment
        let policy = environment.capacity
        let all = environment.hosts.indices.map { $0 }
        let total = weight(of: all)
        let floor = try floor(policy.floor ?? defaultFloor, of: total, members: members, place: "\(environment.name)")
        let window = max(1, (policy.window ?? .count(1)).roundedDown(of: members.count))
        var zones: [PlannedCapacity.Zone] = []
        for rule in policy.zones {
            let inZone = all.filter { environment.hosts[$0].zone == rule.zone }
            let planned = members.filter { environment.hosts[$0].zone == rule.zone }
            guard !inZone.isEmpty else {
                let found = "zone \(rule.zone) has a capacity rule and no hosts"
                throw PlanRefusal(
                    code: .emptyStage,
                    found: found,
                    advice: "correct the name of the zone, or remove the rule"
                )
            }
            let total = weight(of: inZone)
            let floor = try self.floor(rule.floor ?? .count(0), of: total, members: planned, place: "zone \(rule.zone)")
            let window = rule.window.map { max(1, $0.roundedDown(of: inZone.count)) }
            zones.append(PlannedCapacity.Zone(zone: rule.zone, total: total, floor: floor, window: window))
        }
        return PlannedCapacity(total: total, floor: floor, window: window, zones: zones)
    }

    /// All but one host of the plan, the heaviest if they differ.
    private var defaultFloor: Quantity { .count(weight(of: members) - heaviest(of: members)) }

    /// The floor in weight, if every planned host can leave while it is kept.
    private func floor(
        _ quantity: Quantity,
        of total: Int,
        members: [Int],
        place: String
    ) throws(PlanRefusal) -> Int {
        let floor = quantity.roundedUp(of: total)
        let heaviest = heaviest(of: members)
        let available = weight(of: members)
        let nearest = max(0, available - heaviest)
        guard floor > nearest, !members.isEmpty else { return floor }
        let asWritten = "\(quantity)" == "\(floor)" ? "\(floor)" : "\(quantity) = \(floor)"
        let left = available < total ? " (\(total - available) left out)" : ""
        let found =
            "floor \(asWritten) of \(total) in \(place) can't be kept: with a host of weight \(heaviest) away, "
            + "\(available) - \(heaviest) = \(nearest) stay\(left)"
        let advice = "the nearest floor that works is \(nearest) (\(nearest * 100 / total)%)"
        throw PlanRefusal(code: .floorUnreachable, found: found, advice: advice)
    }

    private func weight(of hosts: [Int]) -> Int { hosts.reduce(0) { $0 + request.environment.hosts[$1].weight } }

    private func heaviest(of hosts: [Int]) -> Int { hosts.map { request.environment.hosts[$0].weight }.max() ?? 0 }
}
