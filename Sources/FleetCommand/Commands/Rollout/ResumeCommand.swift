import ArgumentParser
import Coordinator
import Model
import Rollout

/// `fleet resume`: a paused rollout goes on.
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Go on with a paused rollout; accepts the absences and failures so far.",
        discussion: "--floor lowers what must stay in service for the rest of this rollout, and stands in the ledger."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: RolloutChoice

    @Option(help: ArgumentHelp("Weight that must stay in service from now on; needs --reason.", valueName: "weight"))
    var floor: Int?

    @Option(
        help: ArgumentHelp("Leave this host out; needs --reason. May be given several times.", valueName: "host"),
        transform: HostID.init(parsing:)
    )
    var skip: [HostID] = []

    @Option(help: "Why, for the ledger.")
    var reason: String?

    @OptionGroup var output: OutputOptions

    mutating func validate() throws {
        guard floor == nil && skip.isEmpty || reason?.isEmpty == false else {
            throw ValidationError("--floor and --skip need a --reason, which stands in the ledger")
        }
    }

    func run() async throws {
        let desk = try common.desk()
        let rollout = try await choice.unfinished(at: desk)
        let skips = try skip.map { OperatorWord.skip(host: try index(of: $0, in: rollout), reason: reason ?? "") }
        try await RolloutFlow(desk, output).carryOn(rollout, saying: skips + [.resume(floor: floor, reason: reason)])
    }

    private func index(of host: HostID, in rollout: StoredRollout) throws -> Int {
        guard let index = rollout.plan.hosts.firstIndex(where: { $0.id == host }) else {
            throw ValidationError("\(host) is no host of \(rollout.id.label)")
        }
        return index
    }
}
