import ArgumentParser
import Coordinator
import Rollout

/// `fleet abort`: a rollout ends here.
struct AbortCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "abort",
        abstract: "End a rollout: no new host starts, hosts in flight revert, finished ones stay.",
        discussion: "With --rollback everything that it has changed goes back, keeping the floor."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: RolloutChoice

    @Flag(help: "Take back what is finished too.")
    var rollback = false

    @Option(help: "Why, for the ledger.")
    var reason: String?

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let desk = try common.desk()
        let rollout = try await choice.unfinished(at: desk)
        let word: OperatorWord = rollback ? .rollBack(reason: reason) : .abort(reason: reason)
        try await RolloutFlow(desk, output).carryOn(rollout, saying: [word])
    }
}
