import ArgumentParser
import Coordinator
import Model

/// `fleet rollback`: the release before, under the same floor.
struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Go back to the release that was confirmed before; keeps the floor, skips canary and bakes.",
        discussion: "Once in a row: to go back further, say where to with --to."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var target: TargetOptions

    @Option(help: "A version that was rolled out here with success.", transform: Version.init(parsing:))
    var to: Version?

    @OptionGroup var again: AgainOptions
    @OptionGroup var consent: Consent
    @OptionGroup var output: OutputOptions

    mutating func validate() throws { try again.validate(reason: target.absence.reason) }

    func run() async throws {
        try await RolloutFlow(try common.desk(), output).start(
            consent,
            Change(.rollback(to: to), target.request(quarantine: again.policy))
        )
    }
}
