import NIOCore
import Protocol
import TLS
import Testing

@testable import Session

struct BulkTicketsTests {
    /// Runs `body` with a session that is there to own tickets.
    private func withSession(_ body: @escaping @Sendable (Session) async throws -> Void) async throws {
        try await Pair().dial(body)
    }

    @Test("A ticket that nobody used in 20 s makes place for another, and is good for nothing")
    func expiry() async throws {
        let clock = ManualClock()
        let tickets = BulkTickets(clock: clock)
        try await withSession { session in
            let first = try await tickets.issue(for: session)
            for _ in 2...4 { _ = try await tickets.issue(for: session) }
            await #expect(throws: Problem.self) { try await tickets.issue(for: session) }
            clock.advance(by: .seconds(20))
            #expect(await tickets.redeem(first, by: session.peer) == nil)
            let fifth = try await tickets.issue(for: session)
            clock.advance(by: .seconds(19))
            #expect(await tickets.redeem(fifth, by: session.peer) === session)
        }
    }

    @Test("A ticket is good once, for its own peer")
    func once() async throws {
        let tickets = BulkTickets(clock: ManualClock())
        try await withSession { session in
            let token = try await tickets.issue(for: session)
            #expect(await tickets.redeem(token, by: try Members.peer(.coordinator, "other")) == nil)
            #expect(await tickets.redeem(token, by: session.peer) === session)
            #expect(await tickets.redeem(token, by: session.peer) == nil)
        }
    }
}
