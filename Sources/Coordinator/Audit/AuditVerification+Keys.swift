internal import TLS
internal import Trust

extension AuditVerification {
    /// Files that an auditor names.
    package struct KeyPaths: Sendable {
        package var ledger: String?
        package var authority: String?
        package var approvers: String?
        package var breakers: String?

        package init(ledger: String?, authority: String?, approvers: String?, breakers: String?) {
            self.ledger = ledger
            self.authority = authority
            self.approvers = approvers
            self.breakers = breakers
        }
    }
}

extension AuditVerification.Keys {
    /// Reads the named files, and those of the workspace in place of the others, where it has them.
    package init(paths: AuditVerification.KeyPaths, in workspace: Workspace?) throws {
        let layout = workspace?.layout
        func place(_ named: String?, _ usual: String?) -> String? {
            named ?? usual.flatMap { SmallFile.exists($0) ? $0 : nil }
        }
        guard let key = paths.ledger ?? layout?.ledgerPublicKey else {
            throw CoordinatorError(.workspaceMissing, "name the ledger's public key with --key")
        }
        self.init(
            ledger: try AuditVerification.key(file: key),
            authority: try place(paths.authority, layout?.operatorAuthority).map { try TrustAnchors(path: $0) },
            approvers: try place(paths.approvers, layout?.approvers).map { try AllowedSigners.load(path: $0) },
            breakers: try place(paths.breakers, layout?.breakGlass).map { try AllowedSigners.load(path: $0) }
        )
    }
}
