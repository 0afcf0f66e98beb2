/// One request with its identity, as it travels to a host.
package struct HostCommand: Hashable, Codable, Sendable {
    package let id: RequestID
    package let service: ServiceName
    package let environment: EnvironmentName
    package let request: HostRequest
    /// Of a claim: what proves that its ledger continues the history that the host has seen.
    package var history: LedgerHistory?

    package init(
        id: RequestID,
        service: ServiceName,
        environment: EnvironmentName,
        request: HostRequest,
        history: LedgerHistory? = nil
    ) {
        self.id = id
        self.service = service
        self.environment = environment
        self.request = request
        self.history = history
    }
}
