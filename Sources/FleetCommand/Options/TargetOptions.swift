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

    @Option(
        help: ArgumentHelp("Leave this host out; needs --reason. May be given several times.", valueName: "host"),
        transform: HostID.init(parsing:)
    )
    var skip: [HostID] = []

    @Option(help: "Why, for the ledger.")
    var reason: String?

    @Flag(help: "Bring back what was released on hosts that are not as released; without it they are refused.")
    var repairDrift = false

    mutating func validate() throws {
        guard skip.isEmpty || reason?.isEmpty == false else {
            throw ValidationError("--skip needs a --reason, which stands in the plan and in the ledger")
        }
    }

    func request(
        adoption: AdoptionPolicy = .refuse,
        quarantine: QuarantinePolicy? = nil
    ) -> DeploymentRequest {
        DeploymentRequest(
            service: service,
            environment: environment,
            skips: skip.map { SkippedHost(id: $0, reason: reason ?? "") },
            reason: reason,
            adoption: adoption,
            quarantine: quarantine,
            drift: repairDrift ? .repair : nil
        )
    }
}
