import ArgumentParser
import Coordinator

extension AuditCommands {
    /// `fleet audit verify`: holds an export against the key of its ledger.
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check that an export is complete and unchanged; needs no network, and no fleet beside the key.",
            discussion: "Ends with 0 when every record is as the ledger has signed it, else with 3."
        )

        @OptionGroup var common: CommonOptions

        @Argument(help: "Export, as 'fleet audit export' wrote it.", completion: .file())
        var path: String

        @Option(
            help: ArgumentHelp("The ledger's public key (default: .fleet/keys/ledger.pub).", valueName: "file"),
            completion: .file(extensions: ["pub"])
        )
        var key: String?

        @OptionGroup var output: OutputOptions

        func run() throws {
            let keyPath = try key ?? common.workspace().layout.ledgerPublicKey
            let found = try AuditVerification(file: path, key: try AuditVerification.key(file: keyPath))
            let last = found.first + found.records - 1
            let span = found.records == 0 ? "no records" : "records \(found.first) to \(last)"
            try output.render(
                found,
                text: ["\(span) of the \(found.ledgerSize) of \(found.ledger): complete and unchanged"]
            )
        }
    }
}
