import Model
import Rollout
import Simulation

/// Plans and simulates large fleets: ScaleBench plan HOSTS | rollout HOSTS.
///
/// Prints the seconds of the fastest of some runs, and for a rollout the events that its decisions were asked about.
@main
struct ScaleBench {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let count = Int(arguments[2]) else {
            fatalError("usage: ScaleBench plan|rollout HOSTS")
        }
        let request = try request(hosts: count)
        switch arguments[1] {
        case "plan":
            var stages = 0
            let span = try fastest(of: 5) { stages = try Planner.plan(request).stages.count }
            guard stages == 5 else { fatalError("\(stages) stages, expected 5") }
            print(span)
        case "rollout":
            let rehearsal = Rehearsal(try Planner.plan(request), of: nil, pace: nil)
            var run: RehearsalRun?
            let span = fastest(of: 1) { run = rehearsal.run(0) }
            guard let run, run.end == Outcome.succeeded.rawValue else {
                fatalError("the rollout \(run?.headline ?? "was not run")")
            }
            print(span, rehearsal.events)
        case let other: fatalError("'\(other)': expected plan or rollout")
        }
    }

    private static func fastest(of runs: Int, _ body: () throws -> Void) rethrows -> Double {
        let clock = ContinuousClock()
        let spans = try (0..<runs).map { _ in try clock.measure { try body() } }
        guard let span = spans.min()?.components else { return 0 }
        return Double(span.seconds) + Double(span.attoseconds) / 1e18
    }

    /// Two regions with three zones, a ramp and two regions; one of a hundred hosts changes at once.
    private static func request(hosts count: Int) throws -> PlanRequest {
        let hosts = try (0..<count).map { number in
            try Host(
                id: HostID(parsing: "web-\(number)"),
                address: "10.\(number >> 16).\(number >> 8 & 255).\(number & 255)",
                region: RegionName(parsing: number % 3 == 0 ? "us" : "eu"),
                zone: ZoneName(parsing: ["a", "b", "c"][number % 3])
            )
        }
        let environment = try Environment(
            name: EnvironmentName(parsing: "production"),
            service: ServiceName(parsing: "web"),
            hosts: hosts,
            capacity: CapacityPolicy(floor: .percent(90), window: .percent(1)),
            stages: [
                StagePolicy(selection: .ramp([.count(1), .percent(1), .percent(10)])),
                StagePolicy(selection: .regions(.ascending)),
            ]
        )
        let target = try release("2", "b")
        return PlanRequest(
            kind: .deploy,
            fleet: try FleetName(parsing: "bench"),
            environment: environment,
            target: target,
            release: Release(
                service: environment.service,
                environment: environment.name,
                version: target.version,
                artifact: Artifact(digest: target.digest, size: .mebibytes(90), format: .tar)
            ),
            previous: try release("1", "a")
        )
    }

    private static func release(_ version: String, _ digit: Character) throws -> ReleaseID {
        try ReleaseID(version: Version(parsing: version), digest: Digest(parsing: String(repeating: digit, count: 64)))
    }
}
