import ArgumentParser
import Coordinator
import Model

/// `fleet rollout`: moves a release over an environment.
struct RolloutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollout",
        abstract: "Roll a release out over an environment, and take it back when it turns bad.",
        discussion: """
            fleet rollout web ./dist --env staging              packs a directory and signs it for development
            fleet rollout web 1.4.2 --env production            a version that CI has published, or that was out before
            fleet rollout web --artifact web-1.4.2.tar --env production
            fleet rollout web --from staging --env production   what staging is on

            fleet rollout web 1.4.2 --env staging --try-way-back    up, back to the release before, and up again

            fleet rollout web 1.4.2 --env production --at 2026-12-01T22:00+01:00 --expires 2h

            Killed and started again, it goes on where it was. Ctrl-C pauses it, fleet resume goes on. One that waits for its \
            time stays in the foreground, or waits with the coordinator that serves the team.
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var deployment: DeployOptions
    @OptionGroup var consent: Consent
    @OptionGroup var output: OutputOptions

    @Flag(
        help: ArgumentHelp(
            "Then go back to the release before, and to this one again, each by a rollout of its own.",
            discussion: "It proves the way back to environments whose `proven` demands that (`way_back`)."
        )
    )
    var tryWayBack = false

    func validate() throws {
        guard !tryWayBack || deployment.times.at == nil else {
            throw ValidationError("--try-way-back goes back when the release has come: it does not go with --at")
        }
    }

    func run() async throws {
        let desk = try common.desk()
        let change = try deployment.change()
        guard tryWayBack else { return try await RolloutFlow(desk, output).start(consent, change) }
        try await WayBackTrial(desk: desk, output: output).run(consent, change)
    }
}
