package import Model

extension Workspace {
    /// Revokes the tokens by which somebody could still be one of these hosts; nothing where no ledger is, which has none.
    package func revokeJoinTokens(of hosts: [HostID], because reason: String) async throws {
        guard SmallFile.exists(layout.ledger) else { return }
        let now = CoordinatorClock().wall
        try await ledger().revokeJoinTokens(of: hosts, by: author, at: now, because: reason)
    }
}
