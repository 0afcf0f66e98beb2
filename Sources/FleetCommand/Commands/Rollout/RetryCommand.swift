import ArgumentParser
import Coordinator
import Rollout

/// `fleet retry`: hosts that failed get another turn.
struct RetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Go on with a paused rollout, and try the hosts of this stage that failed once more.",
        discussion: """
            For what was wrong with a host and is mended, such as a full disk. A release that is bad fails again. After a failed \
            canary no host gets the release any more: end the rollout, and begin anew.
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: RolloutChoice

    @Option(help: "Why, for the ledger.")
    var reason: String?

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let desk = try common.desk()
        let rollout = try await choice.unfinished(at: desk)
        try await RolloutFlow(desk, output).carryOn(rollout, saying: [.retry(reason: reason)])
    }
}
