import ArgumentParser
import Coordinator
import Model

/// Which service where, and what is special this time.
struct TargetOptions: ParsableArguments {
    @Argument(help: "Service, as fleet.yml names it.", transform: ServiceName.init(parsing:))
    var service: ServiceName

    @Option(
        name: [.customLong("env"), .customShort("e")],
        help: ArgumentHelp("Environment of the service.", valueName: "environment"),
        transform: EnvironmentName.init(parsing:)
    )
    var environment: EnvironmentName

    @OptionGroup var absence: SkipOptions

    @Flag(help: "Bring back what was released on hosts that are not as released; without it they are refused.")
    var repairDrift = false

    func request(
        adoption: AdoptionPolicy = .refuse,
        quarantine: QuarantinePolicy? = nil
    ) -> DeploymentRequest {
        DeploymentRequest(
            service: service,
            environment: environment,
            skips: absence.skips,
            reason: absence.reason,
            adoption: adoption,
            quarantine: quarantine,
            drift: repairDrift ? .repair : nil
        )
    }
}
