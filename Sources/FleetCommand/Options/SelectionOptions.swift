import ArgumentParser
import Coordinator
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

    var selection: Selection { Selection(service: service, environment: environment) }
}
