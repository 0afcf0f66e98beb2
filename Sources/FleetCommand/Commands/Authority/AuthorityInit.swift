import ArgumentParser
import Configuration
import Coordinator
import Model
import TLS

extension AuthorityCommands {
    /// `fleet ca init`: an authority alone, in any directory.
    struct Init: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a certificate authority; 'fleet init' does so too.",
            discussion: """
                Makes a root, which every member trusts, and an intermediate, which signs the members' certificates. The \
                root's key can then be moved away: only 'fleet ca renew' needs it.
                """
        )

        @OptionGroup var common: CommonOptions

        @Option(
            help: ArgumentHelp("Where to make it (default: as 'fleet init' does).", valueName: "directory"),
            completion: .directory
        )
        var directory: String?

        @Option(help: "Name of the fleet (default: as in fleet.yml).", transform: FleetName.init(parsing:))
        var fleet: FleetName?

        @Option(help: "How long the root certificate holds, for example 3650d.", transform: TimeSpan.init(parsing:))
        var validity: TimeSpan = CertificateAuthority.rootValidity

        func run() throws {
            let workspace = directory == nil || fleet == nil ? try common.workspace() : nil
            guard let name = try fleet ?? workspace?.configuration().fleet,
                let path = directory ?? workspace?.layout.authority
            else { throw ValidationError("name the --fleet and the --directory") }
            if directory == nil, let workspace { try SmallFile.makeDirectory(workspace.layout.root) }
            let now = CoordinatorClock().wall
            let authority = try CertificateAuthority.create(
                fleet: name.text,
                directory: path,
                validity: validity,
                now: now
            )
            Console.note(
                "made \(path): root until \(authority.certificate.notAfter), intermediate until "
                    + "\(authority.intermediate.notAfter); keep the directory secret, back it up"
            )
            Console.note(RootKeyNote.text(path))
        }
    }
}
