import ArgumentParser
import Coordinator
import Rollout

/// `fleet pause`: no new host starts.
struct PauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Pause a rollout: no new host starts; hosts in flight finish and commit."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: RolloutChoice

    @Option(help: "Why, for the ledger.")
    var reason: String?

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let desk = try common.desk()
        let rollout = try await choice.unfinished(at: desk)
        try await RolloutFlow(desk, output).carryOn(rollout, saying: [.pause(reason: reason)])
    }
}
