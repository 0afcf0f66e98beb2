import ArgumentParser
import Coordinator
import Model
import Protocol
import Session

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
            let desk = try common.desk()
            let environments = try await desk.workspace.environments(in: desk.configuration, service: service)
            guard let member = environments.flatMap(\.hosts).first(where: { $0.id == host }) else {
                throw CoordinatorError(
                    .hostUnknown,
                    "no environment has a host called '\(host)'; 'fleet hosts' lists them"
                )
            }
            let released = try await desk.dialer().withSession(member) { [service] session in
                try await Self.unhold(service, session)
            }
            for name in released { Console.note("rollouts may touch \(name) on \(host) again") }
            if released.isEmpty { Console.note("nothing is held on \(host)") }
        }

        private static func unhold(_ service: ServiceName?, _ session: Session) async throws -> [ServiceName] {
            let report = try await session.status(within: .seconds(5))
            let held = report.services.filter { $0.held != nil && (service == nil || $0.service == service) }
            for found in held {
                let response = try await session.request(.unhold(found.service), within: .seconds(30))
                if case .reply(.refused(let failure)) = response { throw failure }
            }
            return held.map(\.service)
        }
    }
}
