import ArgumentParser
import Coordinator
import Model

/// Who is left out this time, and why it is done at all.
struct SkipOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Leave this host out; needs --reason. May be given several times.", valueName: "host"),
        transform: HostID.init(parsing:)
    )
    var skip: [HostID] = []

    @Option(help: "Why, for the ledger.")
    var reason: String?

    mutating func validate() throws {
        guard skip.isEmpty || reason?.isEmpty == false else {
            throw ValidationError("--skip needs a --reason, which stands in the ledger")
        }
    }

    var skips: [SkippedHost] { skip.map { SkippedHost(id: $0, reason: reason ?? "") } }
}
