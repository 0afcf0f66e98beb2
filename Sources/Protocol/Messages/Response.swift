package import Model

/// The end of a call.
package enum Response: Hashable, Sendable {
    case reply(HostReply)
    case status(HostReport)
    case facts(HostFacts)
    case history([HistoryEntry])
    case artifact(ArtifactState)
    case bulkTicket(BulkToken)
    case bulkDialed
    /// The answer was given in events, and they have ended.
    case ended
}
