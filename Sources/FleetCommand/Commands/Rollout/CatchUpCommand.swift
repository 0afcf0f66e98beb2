import ArgumentParser
import Coordinator
import Model

/// `fleet catch-up`: an approved release for the hosts that were away.
struct CatchUpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catch-up",
        abstract: "Bring hosts that were away, or are new, to where their environment is.",
        discussion: """
            Without a rollout: every host that answers and is behind, one environment after the other, as 'fleet status' shows \
            them. With one: the hosts that it has missed, by the approvals that it had, as long as nothing came after it, within \
            7 days. Nobody is asked again: hosts that the order names take it late until its time is over, unless they have \
            tried it. Either is a rollout of its own, under the same floor.
            """
    )

    @OptionGroup var common: CommonOptions

    @Argument(
        help: ArgumentHelp(
            "Rollout to catch up with, for example R17 (default: all that is behind).",
            valueName: "rollout"
        )
    )
    var label: String?

    @Option(help: "Without a rollout: only of this service.", transform: ServiceName.init(parsing:))
    var service: ServiceName?

    @Option(
        name: [.customLong("env"), .customShort("e")],
        help: ArgumentHelp("Without a rollout: only in this environment.", valueName: "environment"),
        transform: EnvironmentName.init(parsing:)
    )
    var environment: EnvironmentName?

    @OptionGroup var absence: SkipOptions

    @OptionGroup var again: AgainOptions
    @OptionGroup var consent: Consent
    @OptionGroup var output: OutputOptions

    mutating func validate() throws {
        try again.validate(reason: absence.reason)
        guard label == nil || service == nil && environment == nil else {
            throw ValidationError("a rollout says which service and environment: leave out --service and --env")
        }
    }

    func run() async throws {
        let desk = try common.desk()
        guard let label else { return try await catchUpAll(at: desk) }
        let rollout = try await RolloutChoice.named(label, at: desk)
        let change = Change(
            .catchUp(rollout: rollout.id.number),
            request(rollout.plan.service, rollout.plan.environment)
        )
        try await RolloutFlow(desk, output).start(consent, change)
    }

    /// One rollout per environment and leave; the first that does not succeed ends it.
    private func catchUpAll(at desk: any Desk) async throws {
        var count = 0
        for place in try await desk.environments(Selection(service: service, environment: environment)) {
            do {
                // By each leave that there is, once.
                for _ in 0..<3 {
                    let change = Change(.converge, request(place.service, place.name))
                    try await RolloutFlow(desk, output).start(consent, change)
                    count += 1
                }
            } catch let error as CoordinatorError where error.code == .nothingBehind {
                Console.note(error.advice)
            }
        }
        if count == 0, case .text = output.output {
            Console.result("nothing to do: no host can be brought anywhere now")
        }
    }

    private func request(_ service: ServiceName, _ environment: EnvironmentName) -> DeploymentRequest {
        DeploymentRequest(
            service: service,
            environment: environment,
            skips: absence.skips,
            reason: absence.reason,
            quarantine: again.policy
        )
    }
}
