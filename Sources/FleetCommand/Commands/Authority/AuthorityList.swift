import ArgumentParser
import Coordinator
import Model
import TLS

extension AuthorityCommands {
    /// `fleet ca list`: the certificates that were issued.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List root, intermediate and the newest certificate of every member, and what is to be renewed."
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
            let kind: Kind
            let serial: String
            let notBefore: WallTime
            let notAfter: WallTime
            let renewalDue: Bool
        }

        /// What a certificate is for.
        private enum Kind: String, Encodable {
            case root
            case intermediate
            case member
        }

        func run() throws {
            let now = CoordinatorClock().wall
            let directory = try authority ?? common.workspace().layout.authority
            let authority = try CertificateAuthority(directory: directory)
            let every = try authority.issued()
            let own = [
                Self.row(.root, authority.certificate, of: authority, at: now),
                Self.row(.intermediate, authority.intermediate, of: authority, at: now),
            ]
            let rows = own + (all ? every : every.newestPerIdentity).map { Self.row($0, at: now) }
            var table = Table("IDENTITY", "UNTIL", "SERIAL", "NOTES")
            for row in rows { table.add(row.identity, "\(row.notAfter)", row.serial, Self.note(row, at: now)) }
            try output.render(rows, text: table.lines)
            if authority.hasRootKey { Console.note(RootKeyNote.text(directory)) }
        }

        private static func row(
            _ kind: Kind,
            _ certificate: Certificate,
            of authority: CertificateAuthority,
            at now: WallTime
        ) -> Row {
            Row(
                identity: "spiffe://\(authority.fleet)",
                kind: kind,
                serial: certificate.serial,
                notBefore: certificate.notBefore,
                notAfter: certificate.notAfter,
                renewalDue: certificate.validity.state(at: now) != .fine
            )
        }

        private static func row(_ item: CertificateSummary, at now: WallTime) -> Row {
            Row(
                identity: item.identity.uri,
                kind: .member,
                serial: item.serial,
                notBefore: item.notBefore,
                notAfter: item.notAfter,
                renewalDue: item.validity.state(at: now) != .fine
            )
        }

        private static func note(_ row: Row, at now: WallTime) -> String {
            let kind = row.kind == .member ? [] : [row.kind.rawValue]
            let state =
                switch Validity(notBefore: row.notBefore, notAfter: row.notAfter).state(at: now) {
                case .fine: [String]()
                case .renewalDue: ["renew"]
                case .expired: ["expired"]
                }
            return (kind + state).joined(separator: ", ")
        }
    }
}
