import ArgumentParser
import Coordinator

/// `fleet restart`: the same release, started anew host by host.
struct RestartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart",
        abstract: "Restart a service host by host under its floor, with its checks."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var target: TargetOptions
    @OptionGroup var others: AlongsideOptions
    @OptionGroup var consent: Consent
    @OptionGroup var output: OutputOptions

    func run() async throws {
        var request = target.request()
        others.apply(to: &request)
        try await RolloutFlow(try common.desk(), output).start(consent, Change(.restart, request))
    }
}
