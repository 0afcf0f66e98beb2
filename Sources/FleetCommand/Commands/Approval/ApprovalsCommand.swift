import ArgumentParser
import Coordinator
import Model
import Trust

/// `fleet approvals`: what waits for people.
struct ApprovalsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approvals",
        abstract: "List the rollouts that wait for somebody's approval, or bring an approved order to a host by hand.",
        discussion: """
            --export writes the order of a rollout with its approvals, for a host that the coordinator can't reach: there \
            'agent apply ARTIFACT --order FILE' carries it out, once, by the rules of that host.
            """
    )

    @OptionGroup var common: CommonOptions

    @Argument(help: ArgumentHelp("Rollout whose order is exported, for example R17.", valueName: "rollout"))
    var label: String?

    @Option(
        help: ArgumentHelp("Write the order of a rollout and its approvals to this file.", valueName: "file"),
        completion: .file()
    )
    var export: String?

    @OptionGroup var output: OutputOptions

    mutating func validate() throws {
        guard (label == nil) == (export == nil) else {
            throw ValidationError("name a rollout and --export FILE together; without both all that wait are listed")
        }
    }

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
        let desk = try common.desk()
        guard let export else { return try await list(desk) }
        let rollout = try await RolloutChoice.named(label ?? "", at: desk)
        let order = try await desk.exportOrder(of: rollout)
        try SmallFile.replace(export, try order.bytes(), mode: 0o644)
        let people = order.material().approvals.count
        Console.note(
            "\(export): the order of \(rollout.id.label) with \(people == 1 ? "1 signature" : "\(people) signatures"); on a host "
                + "of the plan: 'agent apply ARTIFACT --order \(export)'"
        )
    }

    private func list(_ desk: any Desk) async throws {
        let requests = try await desk.approvals(of: nil)
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
