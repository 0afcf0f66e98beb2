import Model
import Rollout

/// Floors and windows, added up anew for each order.
extension RolloutOracle {
    mutating func checkCapacity(_ host: Int) {
        guard hosts[host].isConnected else { return violate(3, "h\(host) is ordered while it is not connected") }
        guard hosts[host].isInService else { return }
        let number = phase == .rollingBack ? 13 : 1
        let weight = plan.hosts[host].weight
        let inService = weightInService { _ in true }
        var least = plan.capacity.floor
        if case .rolling(let stage) = phase { least = max(least, plan.stages[stage].floor ?? 0) }
        least = min(least, floor ?? .max)
        if inService - weight < least { violate(number, "\(inService) - \(weight) < floor \(least)") }
        for rule in plan.capacity.places where isIn(rule.place, host) {
            let sum = weightInService { isIn(rule.place, $0) }
            if sum - weight < rule.floor { violate(number, "\(rule.place): \(sum) - \(weight) < \(rule.floor)") }
        }
    }

    /// Added up anew each time: sums of its own could be as wrong as those that it judges.
    private func weightInService(_ isMeant: (Int) -> Bool) -> Int {
        var sum = 0
        // Hosts are large; a closure over them would copy each.
        for index in hosts.indices where hosts[index].isInService && isMeant(index) { sum += plan.hosts[index].weight }
        return sum
    }

    mutating func checkWindow(_ isForward: Bool) {
        var out: [Int] = []
        for index in hosts.indices where hosts[index].isOut {
            if isForward || (hosts[index].isConnected && !hosts[index].isGivenUp) { out.append(index) }
        }
        var window = plan.capacity.window
        if case .rolling(let stage) = phase { window = plan.stages[stage].window }
        if out.count > window { violate(2, "\(out.count) hosts in flight, window \(window)") }
        for rule in plan.capacity.places {
            let inPlace = out.count { isIn(rule.place, $0) }
            if let window = rule.window, inPlace > window { violate(2, "\(inPlace) in flight in \(rule.place)") }
        }
        guard case .rolling(let stage) = phase else { return }
        for place in plan.stages[stage].places ?? [] {
            let inPlace = out.count { isIn(place.place, $0) }
            if inPlace > place.window { violate(2, "\(inPlace) in flight in \(place.place) in stage \(stage)") }
        }
    }

    private func isIn(_ place: Place, _ host: Int) -> Bool {
        place.holds(region: plan.hosts[host].region, zone: plan.hosts[host].zone)
    }
}
