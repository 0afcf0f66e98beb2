import ArgumentParser
import Coordinator
import Model

extension AuditCommands {
    /// `fleet audit verify`: holds an export against the key of its ledger, and its hosts' receipts against theirs.
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Check that an export is complete, unchanged, and borne out by the hosts' receipts; needs no network.",
            discussion: """
                Ends with 0 when every record is as the ledger has signed it and nothing is open, with 3 when something was \
                changed or a host has signed otherwise, and with 6 when an emergency waits for its review.
                """
        )

        @OptionGroup var common: CommonOptions

        @Argument(help: "Export, as 'fleet audit export' wrote it.", completion: .file())
        var path: String

        @OptionGroup var keys: AuditKeyOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            let found = try AuditVerification(file: path, keys: try keys.keys(common))
            try output.render(found, text: AuditText(found).lines)
            guard found.findings.isEmpty else { return try ExitStatus.refused.leave() }
            if !found.openReviews.isEmpty { try ExitStatus.incomplete.leave() }
        }
    }
}
