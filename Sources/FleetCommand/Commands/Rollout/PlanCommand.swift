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
    @OptionGroup var times: TimeOptions
    @OptionGroup var output: OutputOptions

    mutating func validate() throws {
        try again.validate(reason: target.absence.reason)
        try times.validate(reason: target.absence.reason)
    }

    func run() async throws {
        let desk = try common.desk()
        var request = target.request(adoption: adoption.policy, quarantine: again.policy)
        times.apply(to: &request)
        let change = Change(.deploy(try artifact.request(for: target.service)), request)
        let proposal = try await desk.propose(change)
        for line in proposal.reminders { Console.note(line) }
        if let closure = proposal.closure { Console.note("now \(closure)") }
        let plan = proposal.plan
        let digest = try plan.digest()
        try output.render(plan, text: PlanText(plan).lines + ["  plan      sha256:\(digest)"])
    }
}
