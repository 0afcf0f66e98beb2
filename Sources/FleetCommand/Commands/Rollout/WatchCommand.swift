import ArgumentParser
import Coordinator

/// `fleet watch`: looks on while a rollout runs.
struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Look on while a rollout runs, until it comes to rest; ends with the exit code of its outcome.",
        discussion: "Ctrl-C leaves the rollout as it is."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: RolloutChoice
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let desk = try common.desk()
        try await RolloutFlow(desk, output).watch(try await choice.unfinished(at: desk))
    }
}
