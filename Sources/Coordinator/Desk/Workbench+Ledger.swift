extension Workbench {
    /// The ledger, and the hosts of all environments.
    package func ledgerDesk() async throws -> LedgerDesk {
        let ledger = try ledger()
        return LedgerDesk(ledger, try workspace.signer(of: ledger), try dialer(), hosts: try await hosts())
    }

    /// The ledger, and who may review what stands in it.
    package func reviewDesk() throws -> ReviewDesk {
        let ledger = try ledger()
        return ReviewDesk(ledger, try workspace.signer(of: ledger), workspace.layout)
    }

    /// Takes hosts' receipts in wherever somebody looks.
    func receipts() throws -> ReceiptIntake {
        let credentials = try credentials()
        return ReceiptIntake(
            try ledger(),
            fleet: credentials.fleet,
            anchors: credentials.anchors,
            revocations: { [workspace] in try workspace.revocations() },
            logger: logger
        )
    }
}
