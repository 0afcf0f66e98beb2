import ArgumentParser
import Coordinator
import Model
import Protocol
import Session
import TLS

extension AuthorityCommands {
    /// `fleet ca revoke`: a member is believed no more.
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Revoke a member's certificates, and tell every host.",
            discussion: """
                Hosts cut off connections of revoked members at once and accept none any more. A host that can't be reached \
                now hears of it with its next session; 'fleet host add' brings the list, too. A name means all of its \
                certificates that have not ended; give the member a new one afterwards if it stays.
                """
        )

        @OptionGroup var common: CommonOptions

        @Argument(help: ArgumentHelp("Whom, as 'fleet ca list' shows it.", valueName: "name|role/name|serial"))
        var member: String

        @Option(
            help: ArgumentHelp(
                "Why: \(Revocation.Reason.allCases.map(\.description).joined(separator: ", ")).",
                valueName: "reason"
            ),
            transform: Self.reason
        )
        var reason: Revocation.Reason

        func run() async throws {
            let workspace = try common.workspace()
            let authority = try workspace.authority()
            let now = CoordinatorClock().wall
            let meant = try MemberRevocation(of: member, among: authority.issued(), at: now).certificates
            try refuseOwn(meant, workspace)
            try await workspace.revokeJoinTokens(
                of: meant.filter { $0.identity.role == .agent }.map { try HostID(parsing: $0.identity.name) },
                because: "its host's certificates were revoked"
            )
            let list = try authority.revoke(serials: meant.map(\.serial), reason: reason, now: now)
            for item in meant { Console.result("\(item.identity) \(item.serial)") }
            Console.note("revoked by list \(list.number)")
            await tellHosts(of: workspace, list)
        }

        /// Whoever revokes the certificate that they work with could tell nobody.
        private func refuseOwn(_ meant: [CertificateSummary], _ workspace: Workspace) throws {
            guard let own = try? workspace.credentials().identity.certificate.serial,
                meant.contains(where: { $0.serial == own })
            else { return }
            throw CoordinatorError(
                .enrolment,
                "this is the certificate that you work with here: move \(workspace.layout.operator) away, run 'fleet init', "
                    + "which issues another, and revoke \(own) then"
            )
        }

        private func tellHosts(of workspace: Workspace, _ list: RevocationList) async {
            do {
                let bench = Workbench(workspace, logger: common.logger)
                let hosts = try await bench.hosts()
                let answers = try await bench.dialer().ask(hosts) { try await $0.membership(within: .seconds(5)) }
                for (host, answer) in zip(hosts, answers) { tell(host, answer.map(\.revocations), list) }
            } catch {
                Console.note("hosts were not told: \(error); they hear of it with their next session")
            }
        }

        private func tell(_ host: Host, _ answer: Result<Int64, any Error>, _ list: RevocationList) {
            switch answer {
            case .success(let number) where number >= list.number: Console.note("\(host.id) goes by it")
            case .success: Console.note("\(host.id) has not taken it; see 'journalctl -u agent' there")
            case .failure(let error as TLSError) where error.code == .certificateRevoked:
                Console.note("\(host.id) is refused from now on")
            case .failure(let error):
                Console.note("\(host.id) was not told, hears of it with its next session: \(error)")
            }
        }

        private static func reason(_ text: String) throws -> Revocation.Reason {
            guard let reason = Revocation.Reason(text) else {
                let known = Revocation.Reason.allCases.map(\.description).joined(separator: ", ")
                throw ValidationError("'\(text)' is no reason: say one of \(known)")
            }
            return reason
        }
    }
}
