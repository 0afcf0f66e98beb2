import ArgumentParser
import Coordinator
import Model
import TLS

extension AuthorityCommands {
    /// `fleet ca renew`: the next intermediate.
    struct Renew: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a new intermediate, which signs from now on; the only command that needs the root's key.",
            discussion: """
                Certificates of the intermediate before it stay valid to their end. Renew in its last third, which \
                'fleet doctor' announces, or when its key was stolen.
                """
        )

        @OptionGroup var common: CommonOptions

        @Option(
            help: ArgumentHelp("Directory of the authority (default: that of the fleet).", valueName: "directory"),
            completion: .directory
        )
        var authority: String?

        @Option(
            help: ArgumentHelp("The root's key, where it is not kept with the authority.", valueName: "file"),
            completion: .file()
        )
        var rootKey: String?

        @Option(help: "How long the intermediate holds, for example 731d.", transform: TimeSpan.init(parsing:))
        var validity: TimeSpan = CertificateAuthority.intermediateValidity

        func run() throws {
            let directory = try authority ?? common.workspace().layout.authority
            let renewed = try CertificateAuthority.renew(
                directory: directory,
                rootKey: rootKey,
                validity: validity,
                now: CoordinatorClock().wall
            )
            Console.result("\(renewed.intermediate.serial), until \(renewed.intermediate.notAfter)")
            if renewed.hasRootKey { Console.note(RootKeyNote.text(directory)) }
        }
    }
}
