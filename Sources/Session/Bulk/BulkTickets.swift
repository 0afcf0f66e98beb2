import Protocol
import TLS

/// The tokens of a listener that were given out and not used yet.
actor BulkTickets {
    private struct Ticket {
        let session: Session
        let issuedAt: Duration
    }

    /// Tokens of one session that may be unused at once.
    private static let mostPerSession = 4
    /// From a token to the bulk connection that it is for; as long as its asker waits (`SessionLimits.openBulk`).
    private static let lifetime = Duration.seconds(20)

    private var tickets: [BulkToken: Ticket] = [:]
    private var generator = SystemRandomNumberGenerator()
    /// Time since these tickets began.
    private let elapsed: @Sendable () -> Duration

    init(clock: any Clock<Duration>) { elapsed = clock.stopwatch() }

    func issue(for session: Session) throws -> BulkToken {
        let now = elapsed()
        tickets = tickets.filter { now - $0.value.issuedAt < Self.lifetime }
        guard tickets.values.count(where: { $0.session === session }) < Self.mostPerSession else {
            throw Problem.refused("\(Self.mostPerSession) bulk tickets of this session are unused; ask again later")
        }
        let token = BulkToken.random(using: &generator)
        tickets[token] = Ticket(session: session, issuedAt: now)
        return token
    }

    /// Takes a token back for its session, if it is the same peer that presents it, and in time.
    func redeem(_ token: BulkToken, by peer: PeerIdentity) -> Session? {
        guard let ticket = tickets[token], ticket.session.peer == peer else { return nil }
        tickets[token] = nil
        return elapsed() - ticket.issuedAt < Self.lifetime ? ticket.session : nil
    }

    /// Forgets the tokens of a session that has ended.
    func revoke(_ session: Session) {
        tickets = tickets.filter { $0.value.session !== session }
    }
}
