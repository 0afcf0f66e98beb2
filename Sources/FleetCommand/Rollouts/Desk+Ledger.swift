import Coordinator

extension Desk {
    /// The ledger, and the hosts of all environments.
    func ledgerDesk() async throws -> LedgerDesk {
        let ledger = try workspace.ledger()
        let environments = try await workspace.environments(in: configuration)
        let hosts = FleetStatus.hosts(of: environments)
        return LedgerDesk(ledger, try workspace.signer(of: ledger), try dialer(), hosts: hosts)
    }
}
