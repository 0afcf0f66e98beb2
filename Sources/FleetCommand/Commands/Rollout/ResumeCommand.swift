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

    @OptionGroup var absence: SkipOptions
    @OptionGroup var output: OutputOptions

    mutating func validate() throws {
        guard floor == nil || absence.reason?.isEmpty == false else {
            throw ValidationError("--floor needs a --reason, which stands in the ledger")
        }
    }

    func run() async throws {
        let desk = try common.desk()
        let rollout = try await choice.unfinished(at: desk)
        let skips = try absence.skips.map { skipped in
            OperatorWord.skip(host: try index(of: skipped.id, in: rollout), reason: skipped.reason)
        }
        let resume = OperatorWord.resume(floor: floor, reason: absence.reason)
        try await RolloutFlow(desk, output).carryOn(rollout, saying: skips + [resume])
    }

    private func index(of host: HostID, in rollout: StoredRollout) throws -> Int {
        guard let index = rollout.plan.hosts.firstIndex(where: { $0.id == host }) else {
            throw ValidationError("\(host) is no host of \(rollout.id.label)")
        }
        return index
    }
}
