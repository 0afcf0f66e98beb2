import Artifacts
import Foundation
import Model
import Rollout
import Storage
import Testing
import Trust

@testable import Coordinator

/// A ledger in a directory of its own, and plans for it.
final class RolloutFixture: Sendable {
    let path: String
    let ledger: Ledger
    let plan: Plan
    let release: Release

    /// `gates` are those of a canary.
    init(
        hosts: Int,
        approvals: Int = 0,
        approveWithin: TimeSpan = .hours(1),
        gates: [Gate] = [],
        change: (inout Plan) -> Void = { _ in }
    ) throws {
        path = FileManager.default.temporaryDirectory.path + "/fleet-ledger-\(UUID().uuidString).db"
        ledger = try Ledger(path: path, at: Self.now)
        let service = try ServiceName(parsing: "web")
        let place = try EnvironmentName(parsing: "production")
        release = Release(
            service: service,
            environment: place,
            version: try Version(parsing: "1.4.2"),
            artifact: Artifact(
                digest: try Digest(parsing: String(repeating: "b", count: 64)),
                size: .mebibytes(1),
                format: .tar
            )
        )
        let environment = Model.Environment(
            name: place,
            service: service,
            hosts: try (1...hosts).map {
                try Model.Host(id: HostID(parsing: "web-\($0)"), address: "10.0.0.\($0)")
            },
            capacity: CapacityPolicy(floor: .count(0), window: .count(2)),
            stages: gates.isEmpty ? [] : [StagePolicy(selection: .canary(.count(1)), gates: gates.map(\.name))],
            gates: gates,
            approvals: approvals,
            approveWithin: approveWithin
        )
        var plan = try Planner.plan(
            PlanRequest(
                kind: .deploy,
                fleet: try FleetName(parsing: "example"),
                environment: environment,
                target: ReleaseID(version: release.version, digest: try release.digest()),
                release: release
            )
        )
        change(&plan)
        self.plan = plan
    }

    deinit {
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }

    static let now = WallTime(milliseconds: 1_790_000_000_000)

    func open() async throws -> StoredRollout {
        let id = try await ledger.open(plan, by: "alice@laptop", at: Self.now)
        return try #require(try await ledger.rollout(id.number))
    }

    /// The raw database, as an auditor would open it.
    func database() throws -> Database { try Database(path: path, schema: Ledger.schema) }

    func engine(
        _ rollout: StoredRollout,
        _ links: any AgentLinks,
        board: NoticeBoard? = nil,
        gates: any GateJudging = GateJudge(directory: "/")
    ) async throws -> RolloutEngine {
        try RolloutEngine(
            rollout: rollout,
            state: try await ledger.state(of: rollout),
            ledger: ledger,
            links: links,
            orders: OrderWriter(release: release, provenance: []),
            gates: gates,
            board: board,
            logger: TestLog.silent
        )
    }
}
