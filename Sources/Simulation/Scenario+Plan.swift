import Model
import Rollout

extension Scenario {
    static func drawKind(_ draw: inout SeededGenerator) -> Plan.Kind {
        switch draw.number(0...19) {
        case 0...2: .rollback
        case 3: draw.chance(40) ? .remove : .restart
        case _: .deploy
        }
    }

    static func drawPlan(_ draw: inout SeededGenerator, _ kind: Plan.Kind, previous: ReleaseID?) -> Plan {
        let count = draw.number(1...10)
        let zones = ["a", "b", "c"].map { ZoneName(validated: $0) }
        let isWeighted = draw.chance(30)
        let hosts = (0..<count).map { index in
            let weight = isWeighted ? draw.number(1...3) : 1
            return PlannedHost(
                id: HostID(validated: "h\(index)"),
                weight: weight,
                region: RegionName(validated: index < count / 2 ? "eu" : "us"),
                zone: zones[index % draw.number(1...3)]
            )
        }
        let total = hosts.reduce(0) { $0 + $1.weight }
        let spare = total - (hosts.map(\.weight).max() ?? 0)
        let window = draw.number(1...3)
        var rules: [PlannedCapacity.PlaceRule] = []
        if draw.chance(30), let region = hosts[0].region { rules.append(drawRule(&draw, .region(region), hosts)) }
        if draw.chance(30), let zone = hosts[0].zone { rules.append(drawRule(&draw, .zone(zone), hosts)) }
        let capacity = PlannedCapacity(total: total, floor: draw.number(0...spare), window: window, places: rules)
        return Plan(
            kind: kind,
            fleet: FleetName(validated: "sim"),
            service: Service.name,
            environment: Service.environment,
            target: target,
            // A rollback to the release before needs no order, and so no text; one further back does.
            release: kind == .deploy || kind == .rollback && draw.chance(70) ? release(target) : nil,
            previous: previous,
            hosts: hosts,
            stages: drawStages(&draw, count: count, window: window),
            capacity: capacity,
            limits: Limits(
                failureBudget: draw.chance(25) ? 1 : 0,
                progressDeadline: .minutes(5),
                prepareTimeout: .minutes(2),
                activateTimeout: .minutes(2)
            ),
            onFailure: kind == .deploy && draw.chance(75) ? .rollback : .pause,
            onCommitMissing: draw.chance(30) ? .keep : nil
        )
    }

    static func drawTraffic(_ draw: inout SeededGenerator, to service: Service) -> TrafficPolicy {
        var balancer = LoadBalancer(address: "/run/haproxy.sock", backend: "web")
        if service.spec.strategy == .blueGreen { balancer.server = "{host}-{instance}" }
        return TrafficPolicy(
            loadBalancers: [balancer],
            drainWithin: .seconds(Int64(draw.number(1...20))),
            onSessionsLeft: draw.chance(30) ? .fail : .cut
        )
    }

    private static func drawRule(
        _ draw: inout SeededGenerator,
        _ place: Place,
        _ hosts: [PlannedHost]
    ) -> PlannedCapacity.PlaceRule {
        let weights = hosts.filter { place.holds(region: $0.region, zone: $0.zone) }.map(\.weight)
        let total = weights.reduce(0, +)
        let floor = draw.number(0...(total - (weights.max() ?? 0)))
        return PlannedCapacity.PlaceRule(place: place, total: total, floor: floor, window: 1)
    }

    static func drawOffline(_ draw: inout SeededGenerator) -> OfflinePolicy {
        switch draw.number(0...2) {
        case 0: .fail
        case 1: .wait(.minutes(Int64(draw.number(1...20))))
        case _: .skip(draw.number(1...2))
        }
    }

    private static func drawStages(_ draw: inout SeededGenerator, count: Int, window: Int) -> [PlannedStage] {
        var rest = Array(0..<count)
        var stages: [PlannedStage] = []
        func bake() -> TimeSpan { draw.chance(50) ? .zero : .seconds(Int64(draw.number(1...120))) }
        if count > 1, draw.chance(80) {
            stages.append(PlannedStage(name: Planner.canaryName, hosts: [rest.removeFirst()], window: 1, bake: bake()))
        }
        if rest.count > 2, draw.chance(50) {
            let half = Array(rest.prefix(rest.count / 2))
            rest.removeFirst(half.count)
            stages.append(PlannedStage(name: "first half", hosts: half, window: window, bake: bake()))
        }
        stages.append(PlannedStage(name: "rest", hosts: rest, window: window, bake: bake()))
        return stages
    }

    /// The text of `id`.
    static func release(_ id: ReleaseID) -> Release {
        Release(
            service: Service.name,
            environment: Service.environment,
            version: id.version,
            artifact: Artifact(digest: id.digest, size: .mebibytes(90), format: .tar)
        )
    }
}
