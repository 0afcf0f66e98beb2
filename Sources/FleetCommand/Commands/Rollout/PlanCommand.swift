import ArgumentParser
import Coordinator
import Rollout
import Trust

/// `fleet plan`: what a rollout would do; asks no host and changes nothing.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show what a rollout would do: release, stages, hosts, floor, how long. Changes nothing.",
        discussion: "The last line is the plan's digest. A directory is packed into the local store to know its digest."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var deployment: DeployOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let proposal = try await common.desk().propose(try deployment.change())
        for line in proposal.reminders { Console.note(line) }
        if let closure = proposal.closure { Console.note("now \(closure)") }
        let record = try PlanRecord(proposal)
        let expected = proposal.forecast.map { ["  expected  \($0.words)"] } ?? []
        try output.render(
            record,
            text: PlanText(proposal.plan).lines + expected + ["  plan      sha256:\(record.digest)"]
        )
    }
}
