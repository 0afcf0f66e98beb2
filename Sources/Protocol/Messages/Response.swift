package import Model

/// The end of a call.
package enum Response: Hashable, Sendable {
    case reply(HostReply)
    case status(HostReport)
    case facts(HostFacts)
    case history([HistoryEntry])
    case figures(UnitFigures)
    case artifact(ArtifactState)
    /// The newest signed checkpoint that the host has seen of each ledger, as exact bytes.
    case checkpoints([[UInt8]])
    /// Which trust root the host follows; nil for none.
    case trust(TrustState?)
    case receipts(ReceiptBatch)
    case bulkTicket(BulkToken)
    case bulkDialed
    case membership(Membership)
    /// A PKCS #10 request in PEM.
    case certificateRequest([UInt8])
    case joined(JoinGrant)
    /// The answer was given in events, and they have ended.
    case ended
}
