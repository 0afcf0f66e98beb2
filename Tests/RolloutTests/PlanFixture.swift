import Foundation
import Model
import Rollout

/// Short ways to environments and releases for tests of plans.
enum PlanFixture {
    static func release(_ version: String, _ digit: Character) throws -> ReleaseID {
        try ReleaseID(version: Version(parsing: version), digest: Digest(parsing: String(repeating: digit, count: 64)))
    }

    static func hosts(_ count: Int, region: (Int) -> String? = { _ in nil }, zone: (Int) -> String? = { _ in nil })
        throws -> [Model.Host]
    {
        try (1...count).map { number in
            try Model.Host(
                id: HostID(parsing: "web-\(number)"),
                address: "10.0.0.\(number)",
                region: region(number).map { try RegionName(parsing: $0) },
                zone: zone(number).map { try ZoneName(parsing: $0) }
            )
        }
    }

    static func environment(
        _ hosts: [Model.Host],
        capacity: CapacityPolicy = CapacityPolicy(),
        stages: [StagePolicy] = []
    ) throws -> Model.Environment {
        try Model.Environment(
            name: EnvironmentName(parsing: "production"),
            service: ServiceName(parsing: "web"),
            hosts: hosts,
            capacity: capacity,
            stages: stages
        )
    }

    static func request(_ environment: Model.Environment, kind: Plan.Kind = .deploy, skips: [SkippedHost] = []) throws
        -> PlanRequest
    {
        try PlanRequest(
            kind: kind,
            fleet: FleetName(parsing: "example"),
            environment: environment,
            target: release("1.4.2", "b"),
            release: kind == .deploy ? text(environment) : nil,
            previous: release("1.4.1", "a"),
            skips: skips
        )
    }

    private static func text(_ environment: Model.Environment) throws -> Release {
        let target = try release("1.4.2", "b")
        return Release(
            service: environment.service,
            environment: environment.name,
            version: target.version,
            artifact: Artifact(digest: target.digest, size: .mebibytes(90), format: .tar)
        )
    }
}
