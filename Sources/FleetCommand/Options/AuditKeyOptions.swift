import ArgumentParser
import Coordinator

/// The public keys that an auditor brings; those of the workspace where none are named.
struct AuditKeyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The ledger's public key (default: .fleet/keys/ledger.pub).", valueName: "file"),
        completion: .file(extensions: ["pub"])
    )
    var key: String?

    @Option(
        help: ArgumentHelp(
            "The root of the fleet's authority, for receipts (default: .fleet/operator/ca.pem, unless --key is given).",
            valueName: "file"
        ),
        completion: .file(extensions: ["pem"])
    )
    var ca: String?

    @Option(
        help: ArgumentHelp(
            "Who may review emergencies (default: .fleet/approvers, unless --key is given).",
            valueName: "file"
        ),
        completion: .file()
    )
    var approvers: String?

    @Option(
        help: ArgumentHelp(
            "Whose keys break the glass (default: .fleet/break-glass, unless --key is given).",
            valueName: "file"
        ),
        completion: .file()
    )
    var breakGlass: String?

    func keys(_ common: CommonOptions) throws -> AuditVerification.Keys {
        try AuditVerification.Keys(
            paths: AuditVerification.KeyPaths(ledger: key, authority: ca, approvers: approvers, breakers: breakGlass),
            in: key == nil ? try common.workspace() : nil
        )
    }
}
