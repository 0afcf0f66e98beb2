/// What one agent says about its host.
package struct HostReport: Hashable, Codable, Sendable {
    package var host: HostID
    package var bootID: String
    package var agentVersion: String
    /// The host's wall clock when it wrote the report; tells clock skew.
    package var at: WallTime
    /// Free bytes where releases are kept.
    package var freeDisk: ByteCount
    /// Sorted by service.
    package var services: [ServiceReport]
    /// Why the host has refused a coordinator's ledger last; nil once it was accepted.
    package var ledgerRefusal: String?
    /// How far its receipts go; nil from agents that keep none.
    package var receipts: ReceiptHead?

    package init(
        host: HostID,
        bootID: String,
        agentVersion: String,
        at: WallTime,
        freeDisk: ByteCount,
        services: [ServiceReport],
        ledgerRefusal: String? = nil,
        receipts: ReceiptHead? = nil
    ) {
        self.host = host
        self.bootID = bootID
        self.agentVersion = agentVersion
        self.at = at
        self.freeDisk = freeDisk
        self.services = services
        self.ledgerRefusal = ledgerRefusal
        self.receipts = receipts
    }
}
