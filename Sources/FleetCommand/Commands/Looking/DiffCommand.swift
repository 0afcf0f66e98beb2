import ArgumentParser
import Coordinator
import Model

/// `fleet diff`: what differs between two releases.
struct DiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show what differs between two releases: source, configuration, service.yml, units. Changes nothing.",
        discussion: """
            fleet diff web 1.4.1 1.4.2 --env production         two versions, as they were or would be there
            fleet diff web 1.4.2 --env production               what is there, and what a rollout of 1.4.2 would bring
            fleet diff web --env production                     what is there, and what fleet.yml has changed since
            fleet diff web --env staging --to-env production    what two environments are on

            By the ledger, by what builders have signed, and by what the artifacts hold; what is not at hand is named. Secrets are \
            shown by the names of their credentials. Revisions in between are those of the git repository here, if it has them.
            """
    )

    @OptionGroup var common: CommonOptions

    @Argument(help: "Service, as fleet.yml names it.", transform: ServiceName.init(parsing:))
    var service: ServiceName

    @Argument(help: "None, one or two versions.", transform: Version.init(parsing:))
    var versions: [Version] = []

    @Option(
        name: [.customLong("env"), .customShort("e")],
        help: ArgumentHelp("Environment of the service.", valueName: "environment"),
        transform: EnvironmentName.init(parsing:)
    )
    var environment: EnvironmentName

    @Option(
        name: .customLong("to-env"),
        help: ArgumentHelp("Another environment of the service to compare it with.", valueName: "environment"),
        transform: EnvironmentName.init(parsing:)
    )
    var other: EnvironmentName?

    @OptionGroup var output: OutputOptions

    mutating func validate() throws {
        guard versions.count <= 2 else { throw ValidationError("name two versions at most") }
        guard other == nil || versions.isEmpty else {
            throw ValidationError("--to-env compares what two environments are on: leave the versions out")
        }
    }

    func run() async throws {
        let difference = try await common.desk().compare(comparison)
        let revisions = await RevisionText(difference.before.source, difference.after.source).lines(in: ".")
        try output.render(difference, text: DifferenceText(difference).lines(revisions: revisions))
    }

    private var comparison: ReleaseComparison {
        let before: ReleaseChoice
        let after: ReleaseChoice
        switch (other, versions.first, versions.dropFirst().first) {
        case (let other?, _, _): (before, after) = (.confirmed(in: environment), .confirmed(in: other))
        case (nil, let first?, let second?):
            (before, after) = (.version(first, in: environment), .version(second, in: environment))
        case (nil, let version, nil), (nil, nil, let version):
            (before, after) = (.confirmed(in: environment), .planned(version, in: environment))
        }
        return ReleaseComparison(service: service, before: before, after: after)
    }
}
