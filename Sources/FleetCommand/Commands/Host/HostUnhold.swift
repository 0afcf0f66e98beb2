import ArgumentParser
import Coordinator
import Model

extension HostCommands {
    /// `fleet host unhold`: rollouts may touch a host again.
    struct Unhold: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let rollouts touch a service again that somebody changed by hand on its host."
        )

        @OptionGroup var common: CommonOptions

        @Argument(help: "Host, as fleet.yml names it.", transform: HostID.init(parsing:))
        var host: HostID

        @Argument(
            help: "Service (default: every service of the host that is held).",
            transform: ServiceName.init(parsing:)
        )
        var service: ServiceName?

        func run() async throws {
            let released = try await common.desk().unhold(host, service)
            for name in released { Console.note("rollouts may touch \(name) on \(host) again") }
            if released.isEmpty { Console.note("nothing is held on \(host)") }
        }
    }
}
