import ArgumentParser
import Coordinator
import Model
import TLS

extension AuthorityCommands {
    /// `fleet ca list`: the certificates that were issued.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the newest certificate of every member, and which of them are to be renewed."
        )

        @OptionGroup var common: CommonOptions

        @Option(
            help: ArgumentHelp("Directory of the authority (default: that of the fleet).", valueName: "directory"),
            completion: .directory
        )
        var authority: String?

        @Flag(help: "List every certificate that was ever issued, the replaced ones too.")
        var all = false

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
            let every = try CertificateAuthority(directory: directory).issued()
            let issued = all ? every : every.newestPerIdentity
            var table = Table("IDENTITY", "UNTIL", "SERIAL", "NOTES")
            for item in issued {
                table.add(item.identity.uri, "\(item.notAfter)", item.serial, Self.note(item.validity.state(at: now)))
            }
            let rows = issued.map { item in
                Row(
                    identity: item.identity.uri,
                    serial: item.serial,
                    notBefore: item.notBefore,
                    notAfter: item.notAfter,
                    renewalDue: item.validity.state(at: now) != .fine
                )
            }
            try output.render(rows, text: table.lines)
        }

        private static func note(_ state: Validity.State) -> String {
            switch state {
            case .fine: ""
            case .renewalDue: "renew"
            case .expired: "expired"
            }
        }
    }
}
