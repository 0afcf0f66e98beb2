import Model
import Rollout

extension Scenario {
    /// Lets the regions of some stages change at once, each with a window of its own, by a generator of its own: without it, a
    /// seed is the world that it was.
    static func addPlaceWindows(to plan: inout Plan, seed: UInt64) {
        var draw = SeededGenerator(seed: seed &* 149 &+ 3)
        guard plan.kind == .deploy, draw.chance(25) else { return }
        for stage in plan.stages.indices where plan.stages[stage].hosts.count > 1 && draw.chance(70) {
            var regions: [RegionName] = []
            for host in plan.stages[stage].hosts {
                guard let region = plan.hosts[host].region, !regions.contains(region) else { continue }
                regions.append(region)
            }
            let places = regions.map {
                PlannedStage.PlaceWindow(place: .region($0), window: draw.number(1...2))
            }
            plan.stages[stage].places = places
            plan.stages[stage].window = places.reduce(0) { $0 + $1.window }
            for place in places.map(\.place) where !plan.capacity.places.contains(where: { $0.place == place }) {
                let hosts = plan.hosts.filter { place.holds(region: $0.region, zone: $0.zone) }
                let total = hosts.reduce(0) { $0 + $1.weight }
                let rule = PlannedCapacity.PlaceRule(place: place, total: total, floor: 0, window: nil)
                plan.capacity.places.append(rule)
            }
        }
    }

    /// Lets some stages keep more in service than the plan does; by a generator of its own, too.
    static func addStageFloors(to plan: inout Plan, seed: UInt64) {
        var draw = SeededGenerator(seed: seed &* 151 &+ 5)
        guard plan.kind == .deploy, draw.chance(25) else { return }
        for stage in plan.stages.indices where draw.chance(70) {
            let heaviest = plan.stages[stage].hosts.map { plan.hosts[$0].weight }.max() ?? 0
            let most = plan.capacity.total - heaviest
            guard most > plan.capacity.floor else { continue }
            plan.stages[stage].floor = draw.number((plan.capacity.floor + 1)...most)
        }
    }
}
