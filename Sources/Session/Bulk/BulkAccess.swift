import Protocol

/// How a session comes to its bulk connection.
enum BulkAccess: Sendable {
    /// We dialled the control connection, so we dial this one too: runs it until it ends.
    case dials(@Sendable (BulkToken, Session) async throws -> Void)
    /// The peer dialled, so it gets a ticket.
    case accepts(BulkTickets)
}

/// Whether a session has its bulk connection.
enum BulkState {
    case none
    case opening([CheckedContinuation<BulkConnection, any Error>])
    case open(BulkConnection)
}
