import ArgumentParser
import Coordinator
import Model

/// `fleet catch-up`: an approved release for the hosts that were away.
struct CatchUpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catch-up",
        abstract: "Bring hosts that were away to the release of a rollout, by the approvals that it had.",
        discussion: """
            For a rollout that ended incomplete, as long as nothing came after it, within 7 days. Nobody is asked again: hosts \
            that the order names, and that never accepted it, take it until its time is over. It is a rollout of its own, \
            under the same floor.
            """
    )

    @OptionGroup var common: CommonOptions

    @Argument(help: ArgumentHelp("Rollout to catch up with, for example R17.", valueName: "rollout"))
    var label: String

    @Option(
        help: ArgumentHelp("Leave this host out; needs --reason. May be given several times.", valueName: "host"),
        transform: HostID.init(parsing:)
    )
    var skip: [HostID] = []

    @Option(help: "Why, for the ledger.")
    var reason: String?

    @OptionGroup var consent: Consent
    @OptionGroup var output: OutputOptions

    mutating func validate() throws {
        guard skip.isEmpty || reason?.isEmpty == false else {
            throw ValidationError("--skip needs a --reason, which stands in the plan and in the ledger")
        }
    }

    func run() async throws {
        let desk = try common.desk()
        let rollout = try await RolloutChoice.named(label, at: desk)
        let plan = rollout.plan
        let request = DeploymentRequest(
            service: plan.service,
            environment: plan.environment,
            skips: skip.map { SkippedHost(id: $0, reason: reason ?? "") },
            reason: reason
        )
        try await RolloutFlow(desk, output).start(consent, Change(.catchUp(rollout: rollout.id.number), request))
    }
}
