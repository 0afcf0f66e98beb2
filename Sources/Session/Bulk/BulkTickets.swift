import Protocol
import TLS

/// The tokens of a listener that were given out and not used yet.
actor BulkTickets {
    /// Tokens of one session that may be unused at once.
    private static let mostPerSession = 4

    private var sessions: [BulkToken: Session] = [:]
    private var generator = SystemRandomNumberGenerator()

    func issue(for session: Session) throws -> BulkToken {
        guard sessions.values.count(where: { $0 === session }) < Self.mostPerSession else {
            throw Problem.refused("\(Self.mostPerSession) bulk tickets of this session are unused")
        }
        let token = BulkToken.random(using: &generator)
        sessions[token] = session
        return token
    }

    /// Takes a token back for its session, if it is the same peer that presents it.
    func redeem(_ token: BulkToken, by peer: PeerIdentity) -> Session? {
        guard let session = sessions[token], session.peer == peer else { return nil }
        sessions[token] = nil
        return session
    }

    /// Forgets the tokens of a session that has ended.
    func revoke(_ session: Session) {
        sessions = sessions.filter { $0.value !== session }
    }
}
