package import Model
import Rollout

/// One world to simulate, drawn from a seed: a fleet, its policy, a release and what goes wrong.
package struct Scenario: Sendable {
    package let seed: UInt64
    package let plan: Plan
    let before: ReleaseID?
    /// What the release does on each host.
    let fates: [Fate]
    /// Hosts that are off when it begins.
    let absent: [Bool]
    /// Hosts that run, but ill, when it begins.
    let ill: [Bool]
    /// Percent of messages after which the coordinator crashes.
    let crashes: Int
    /// Percent of faults drawn every few seconds.
    let faults: Int
    let words: Bool
    let hasRival: Bool

    enum Fate: Equatable, Sendable {
        case works
        case failsToPrepare
        case failsChecks
        case getsStuck
        case hangs
        /// Its agent says nothing more once it was told to switch, until the host is rebooted.
        case freezes
        /// Works, and falls ill so many milliseconds after its commit.
        case fallsIll(after: Int64)
    }

    package init(seed: UInt64) {
        var draw = SeededGenerator(seed: seed)
        self.seed = seed
        before = draw.chance(85) ? Self.release("1", "a") : nil
        plan = Self.drawPlan(&draw, previous: before)
        let isBad = draw.chance(35)
        fates = plan.hosts.map { _ in Self.drawFate(&draw, isBad: isBad) }
        let hasAbsent = draw.chance(25)
        absent = plan.hosts.map { _ in hasAbsent && draw.chance(20) }
        let hasIll = draw.chance(30)
        ill = plan.hosts.map { _ in hasIll && draw.chance(25) }
        crashes = draw.chance(50) ? draw.number(0...3) : 0
        faults = draw.chance(60) ? draw.number(1...20) : 0
        words = draw.chance(40)
        hasRival = draw.chance(15)
    }

    static let target = release("2", "b")

    static func release(_ version: String, _ digit: Character) -> ReleaseID {
        ReleaseID(version: Version(validated: version), digest: Digest(String(repeating: digit, count: 64)) ?? empty)
    }

    private static let empty = Digest(bytes: [UInt8](repeating: 0, count: Digest.byteCount))

    private static func drawFate(_ draw: inout SeededGenerator, isBad: Bool) -> Fate {
        guard draw.chance(isBad ? 30 : 3) else { return .works }
        switch draw.number(0...9) {
        case 0: return .failsToPrepare
        case 1: return .getsStuck
        case 2: return .hangs
        case 3: return .freezes
        case 4...5: return .fallsIll(after: Int64(draw.number(0...60_000)))
        case _: return .failsChecks
        }
    }

    private static func drawPlan(_ draw: inout SeededGenerator, previous: ReleaseID?) -> Plan {
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
            kind: .deploy,
            fleet: FleetName(validated: "sim"),
            service: ServiceName(validated: "web"),
            environment: EnvironmentName(validated: "test"),
            target: target,
            release: release,
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
            onFailure: draw.chance(75) ? .rollback : .pause
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

    private static var release: Release {
        Release(
            service: ServiceName(validated: "web"),
            environment: EnvironmentName(validated: "test"),
            version: target.version,
            artifact: Artifact(digest: target.digest, size: .mebibytes(90), format: .tar)
        )
    }
}
