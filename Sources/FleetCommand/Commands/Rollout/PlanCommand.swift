import ArgumentParser
import Coordinator
import Rollout
import Trust

/// `fleet plan`: what a rollout would do; asks no host and changes nothing.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show what a rollout would do: release, stages, hosts, floor. Changes nothing.",
        discussion: "The last line is the plan's digest. A directory is packed into the local store to know its digest."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var target: TargetOptions
    @OptionGroup var artifact: ArtifactOptions
    @OptionGroup var adoption: AdoptionOptions
    @OptionGroup var again: AgainOptions
    @OptionGroup var output: OutputOptions

    mutating func validate() throws { try again.validate(reason: target.absence.reason) }

    func run() async throws {
        let desk = try common.desk()
        let request = target.request(adoption: adoption.policy, quarantine: again.policy)
        let change = Change(.deploy(try artifact.request(for: target.service)), request)
        let proposal = try await desk.propose(change)
        for line in proposal.reminders { Console.note(line) }
        let plan = proposal.plan
        let digest = try plan.digest()
        try output.render(plan, text: PlanText(plan).lines + ["  plan      sha256:\(digest)"])
    }
}
