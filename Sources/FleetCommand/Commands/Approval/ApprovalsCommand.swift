import ArgumentParser
import Coordinator
import Model
import Trust

/// `fleet approvals`: what waits for people.
struct ApprovalsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approvals",
        abstract: "List the rollouts that wait for somebody's approval."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var output: OutputOptions

    /// One rollout, as machines get it.
    private struct Row: Encodable {
        let rollout: String
        let service: ServiceName
        let environment: EnvironmentName
        let target: ReleaseID
        let plan: Digest
        let order: Digest
        let approvedBy: [String]
        let needed: Int
        let until: WallTime
    }

    func run() async throws {
        let requests = try await common.desk().approvals(of: nil)
        let rows = try requests.map { request in
            Row(
                rollout: request.rollout.label,
                service: request.plan.service,
                environment: request.plan.environment,
                target: request.plan.target,
                plan: try request.plan.digest(),
                order: request.digest,
                approvedBy: request.people,
                needed: request.needed,
                until: request.until
            )
        }
        var table = Table("ROLLOUT", "SERVICE", "ENVIRONMENT", "RELEASE", "APPROVED BY", "NEEDS", "UNTIL")
        for row in rows {
            table.add(
                row.rollout,
                row.service.text,
                row.environment.text,
                "\(row.target)",
                row.approvedBy.isEmpty ? "-" : row.approvedBy.joined(separator: ", "),
                "\(row.needed)",
                "\(row.until)"
            )
        }
        try output.render(rows, text: rows.isEmpty ? ["nothing waits for approval"] : table.lines)
    }
}
