import ArgumentParser
import Coordinator

/// `fleet remove`: the service leaves an environment.
struct RemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Take a service off every host of an environment: its unit, links and releases go.",
        discussion: """
            For environments that are made on demand, such as one of a branch. It keeps no floor and is not taken back; the ledger \
            keeps what was there, and 'fleet rollout' brings it again. Hosts that are off are taken up by saying it again.
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var target: TargetOptions
    @OptionGroup var others: AlongsideOptions
    @OptionGroup var consent: Consent
    @OptionGroup var output: OutputOptions

    func run() async throws {
        var request = target.request()
        others.apply(to: &request)
        try await RolloutFlow(try common.desk(), output).start(consent, Change(.remove, request))
    }
}
