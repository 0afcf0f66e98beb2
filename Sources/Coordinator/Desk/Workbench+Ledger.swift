extension Workbench {
    /// The ledger, and the hosts of all environments.
    package func ledgerDesk() async throws -> LedgerDesk {
        let ledger = try ledger()
        return LedgerDesk(ledger, try workspace.signer(of: ledger), try dialer(), hosts: try await hosts())
    }
}
