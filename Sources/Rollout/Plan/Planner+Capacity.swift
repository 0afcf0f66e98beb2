import Model

extension Planner {
    /// The capacity policy in numbers: floors rounded up, windows rounded down, at least 1.
    func capacity() throws(PlanRefusal) -> PlannedCapacity {
        let environment = request.environment
        // What leaves all hosts for good keeps no floor.
        let policy = request.kind == .remove ? Self.removal(environment.capacity) : environment.capacity
        let all = environment.hosts.indices.map { $0 }
        let total = weight(of: all)
        let floor = try floor(policy.floor ?? defaultFloor, of: total, members: members, place: "\(environment.name)")
        var places: [PlannedCapacity.PlaceRule] = []
        for rule in policy.places {
            let inPlace = all.filter { isIn(rule.place, $0) }
            let planned = members.filter { isIn(rule.place, $0) }
            guard !inPlace.isEmpty else {
                throw PlanRefusal(
                    code: .emptyStage,
                    found: "\(rule.place) has a capacity rule and no hosts",
                    advice: "correct the name, or remove the rule"
                )
            }
            let total = weight(of: inPlace)
            let floor = try self.floor(rule.floor ?? .count(0), of: total, members: planned, place: "\(rule.place)")
            let window = rule.window.map { self.window($0, of: total, members: planned) }
            places.append(PlannedCapacity.PlaceRule(place: rule.place, total: total, floor: floor, window: window))
        }
        let window = window(policy.window ?? .count(1), of: total, members: members)
        return PlannedCapacity(total: total, floor: floor, window: window, places: places)
    }

    /// The rules with one for each place that has a window in a stage, which demands nothing else: its hosts are counted.
    func rules(
        _ rules: [PlannedCapacity.PlaceRule],
        of stages: [PlannedStage]
    ) -> [PlannedCapacity.PlaceRule] {
        var all = rules
        for place in stages.flatMap({ $0.places ?? [] }).map(\.place) where !all.contains(where: { $0.place == place })
        {
            let total = weight(of: request.environment.hosts.indices.filter { isIn(place, $0) })
            all.append(PlannedCapacity.PlaceRule(place: place, total: total, floor: 0, window: nil))
        }
        return all.sorted { $0.place < $1.place }
    }

    /// The window in hosts: of a share, as many as carry no more than it of the weight, whichever they are.
    func window(_ quantity: Quantity, of total: Int, members: [Int]) -> Int {
        guard case .percent = quantity else { return max(1, quantity.roundedDown(of: total)) }
        var rest = quantity.roundedDown(of: total)
        var count = 0
        for weight in members.map({ request.environment.hosts[$0].weight }).sorted(by: >) {
            rest -= weight
            guard rest >= 0 else { break }
            count += 1
        }
        return max(1, count)
    }

    private static func removal(_ policy: CapacityPolicy) -> CapacityPolicy {
        CapacityPolicy(floor: .count(0), window: policy.window)
    }

    /// All but one host of the plan, the heaviest if they differ.
    private var defaultFloor: Quantity { .count(weight(of: members) - heaviest(of: members)) }

    /// What stays in service while `hosts` change as a stage, if its policy keeps more than the plan does.
    func floor(
        _ policy: StagePolicy,
        _ name: String,
        leaving hosts: [Int],
        above capacity: PlannedCapacity
    ) throws(PlanRefusal) -> Int? {
        guard let quantity = policy.floor else { return nil }
        let floor = try floor(quantity, of: capacity.total, members: members, leaving: hosts, place: "stage \(name)")
        return floor > capacity.floor ? floor : nil
    }

    /// The floor in weight, if each of the hosts that are `leaving`, all members by default, can do so while it is kept.
    private func floor(
        _ quantity: Quantity,
        of total: Int,
        members: [Int],
        leaving: [Int]? = nil,
        place: String
    ) throws(PlanRefusal) -> Int {
        let floor = quantity.roundedUp(of: total)
        let heaviest = heaviest(of: leaving ?? members)
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

    private func isIn(_ place: Place, _ index: Int) -> Bool {
        let host = request.environment.hosts[index]
        return place.holds(region: host.region, zone: host.zone)
    }

    func weight(of hosts: [Int]) -> Int { hosts.reduce(0) { $0 + request.environment.hosts[$1].weight } }

    private func heaviest(of hosts: [Int]) -> Int { hosts.map { request.environment.hosts[$0].weight }.max() ?? 0 }
}
