import ArgumentParser
import Coordinator
import Model
import TLS

extension AuthorityCommands {
    /// `fleet ca list`: every certificate that was ever issued.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the certificates that were issued, and which of them are to be renewed."
        )

        @OptionGroup var common: CommonOptions

        @Option(
            help: ArgumentHelp("Directory of the authority (default: that of the fleet).", valueName: "directory"),
            completion: .directory
        )
        var authority: String?

        @OptionGroup var output: OutputOptions

        /// One certificate, as machines get it.
        private struct Row: Encodable {
            let identity: String
            let serial: String
            let notBefore: WallTime
            let notAfter: WallTime
            let renewalDue: Bool
        }

        func run() throws {
            let now = CoordinatorClock().wall
            let directory = try authority ?? common.workspace().layout.authority
            let issued = try CertificateAuthority(directory: directory).issued()
            var table = Table("IDENTITY", "UNTIL", "SERIAL", "NOTES")
            for item in issued {
                let note = item.notAfter < now ? "expired" : item.renewalDue(at: now) ? "renew" : ""
                table.add(item.identity.uri, "\(item.notAfter)", item.serial, note)
            }
            let rows = issued.map { item in
                Row(
                    identity: item.identity.uri,
                    serial: item.serial,
                    notBefore: item.notBefore,
                    notAfter: item.notAfter,
                    renewalDue: item.renewalDue(at: now)
                )
            }
            try output.render(rows, text: table.lines)
        }
    }
}
