internal import FoundationEssentials
package import Model
internal import Rollout
internal import Storage
internal import Trust

extension Ledger {
    /// The ended rollouts of a service in an environment.
    package func history(_ service: ServiceName, _ environment: EnvironmentName) throws -> ReleaseHistory {
        let sql = """
            SELECT plan, summary, number, ended_at FROM rollouts
            WHERE service = ?1 AND environment = ?2 AND ended_at IS NOT NULL AND summary IS NOT NULL
            ORDER BY number DESC
            """
        let ended = try database.query(sql, .text(service.text), .text(environment.text)) { [id] row -> EndedRollout? in
            let plan = try CanonicalJSON.decode(Plan.self, from: try row.blob(0))
            // A host that was brought back to where the others are is no step of the environment.
            guard plan.returned == nil || plan.kind == .deploy else { return nil }
            let summary = try JSONDecoder().decode(RolloutSummary.self, from: Data(try row.blob(1)))
            return EndedRollout(
                id: RolloutID(ledger: id, number: Int(try row.integer(2))),
                kind: plan.kind,
                target: plan.target,
                previous: plan.previous,
                outcome: summary.outcome,
                endedAt: WallTime(milliseconds: try row.integer(3))
            )
        }
        return ReleaseHistory(ended.compactMap(\.self))
    }

    /// Copies the ledger, whole and consistent, to a new file.
    package func backup(to path: String) throws { try database.backup(to: path) }
}
