import ArgumentParser
import Coordinator
import Model
import Rollout

/// `fleet promote`: a person's yes to a stage that waits for it.
struct PromoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Promote a stage that waits for a person: you have looked, and the next stage may start.",
        discussion: """
            Counts for the stage in which the rollout waits now, and for no other. Who said it, and why, stands in the \
            ledger. Then it is shown as by 'fleet watch'. To say no: fleet abort --rollback.
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
        guard case .gating(let stage) = try await desk.view(of: rollout).phase else {
            let label = rollout.id.label
            throw CoordinatorError(
                .wordRefused,
                "\(label) waits for no promotion now; 'fleet why \(label)' shows where it stands"
            )
        }
        // In whose name it is said, its coordinator knows.
        let word = OperatorWord.promote(stage: stage, person: "", reason: reason)
        try await RolloutFlow(desk, output).carryOn(rollout, saying: [word])
    }
}
