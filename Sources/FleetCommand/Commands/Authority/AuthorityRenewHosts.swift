import ArgumentParser
import Coordinator
import Model
import Protocol
import TLS

extension AuthorityCommands {
    /// `fleet ca renew-hosts`: new certificates for agents, over their sessions.
    struct RenewHosts: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "renew-hosts",
            abstract: "Renew the certificates of hosts in the last third of their validity.",
            discussion: """
                Rollouts and every command that talks with a host do so, too, where the authority is. Each host makes a new key \
                for itself, which never leaves it, and shows the new certificate from the next connection on. Ends with 2 when a host's certificate could not be renewed.
                """
        )

        @OptionGroup var common: CommonOptions

        @Argument(help: "Hosts, as fleet.yml names them (default: all).", transform: HostID.init(parsing:))
        var hosts: [HostID] = []

        @Flag(help: "Renew certificates that are not due, too.")
        var all = false

        func run() async throws {
            let bench = try common.bench()
            let known = try await bench.hosts()
            for name in hosts where !known.contains(where: { $0.id == name }) {
                throw CoordinatorError(
                    .hostUnknown,
                    "no environment has a host called '\(name)'; 'fleet hosts' lists them"
                )
            }
            let chosen = known.filter { hosts.isEmpty || hosts.contains($0.id) }
            let keeper = bench.membership
            let scope: MembershipKeeper.Scope = all ? .all : .due
            let answers = try await bench.dialer(tending: nil).ask(chosen) { await keeper.tend($0, scope) }
            var isComplete = true
            for (host, answer) in zip(chosen, answers) {
                let (line, isFine) = Self.line(answer)
                Console.result("\(host.id): \(line)")
                isComplete = isComplete && isFine
            }
            try (isComplete ? ExitStatus.success : .failed).leave()
        }

        private static func line(_ answer: Result<MembershipKeeper.Tended, any Error>) -> (String, Bool) {
            switch answer {
            case .failure(let error): return ("not reached: \(error)", false)
            case .success(let tended):
                if let problem = tended.problem { return ("not renewed: \(problem)", false) }
                let until = tended.membership.map { "\($0.certificate.notAfter)" } ?? "an unknown time"
                return (tended.isRenewed ? "renewed, until \(until)" : "not due, until \(until)", true)
            }
        }
    }
}
