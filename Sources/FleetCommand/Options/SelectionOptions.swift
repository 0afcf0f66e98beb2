import ArgumentParser
import Model

/// Which services and environments to look at; all unless named.
struct SelectionOptions: ParsableArguments {
    @Argument(help: "Only of this service.", transform: ServiceName.init(parsing:))
    var service: ServiceName?

    @Option(
        name: [.customLong("env"), .customShort("e")],
        help: "Only of this environment.",
        transform: EnvironmentName.init(parsing:)
    )
    var environment: EnvironmentName?

    var isEverything: Bool { service == nil && environment == nil }

    func contains(_ service: ServiceName, _ environment: EnvironmentName) -> Bool {
        (self.service == nil || self.service == service) && (self.environment == nil || self.environment == environment)
    }
}
