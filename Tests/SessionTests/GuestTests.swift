import Model
import NIOCore
import Protocol
import Synchronization
import TLS
import Testing

@testable import Session

/// Strangers who are let in without a certificate, and members who must not suffer from it.
struct GuestTests {
    private let members: Members

    init() throws { members = try Members() }

    private func listener(_ limits: ListenerLimits) async throws -> SessionListener {
        try await SessionListener.bind(
            to: loopback(),
            over: members.hospitable(.coordinator, "c1"),
            Members.configuration("c1"),
            limits: limits
        )
    }

    private func visit<Value: Sendable>(
        _ address: SocketAddress,
        _ body: @escaping @Sendable (Session) async throws -> Value
    ) async throws -> Value {
        try await SessionDialer(Members.configuration("guest"))
            .withSession(to: address, over: members.guest(), body)
    }

    @Test("Guests take no member's place, and the oldest of them goes when there are too many")
    func crowd() async throws {
        var limits = ListenerLimits()
        limits.connections = 1
        limits.newcomersPerAddress = 3
        limits.guestTime = .seconds(3600)
        let listener = try await listener(limits)
        let client = try members.client(.operator, "bob", to: "c1")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await listener.run(handler: NoRequests()) }
            let (ended, end) = AsyncStream<Void>.makeStream()
            let (arrived, arrive) = AsyncStream<Void>.makeStream()
            var arrivals = arrived.makeAsyncIterator()
            for _ in 0..<5 {
                group.addTask {
                    // How a guest is ended is its own affair; that it is, and when, is what counts.
                    try? await visit(listener.address) { session in
                        arrive.yield()
                        await session.untilEnded()
                    }
                    end.yield()
                }
                _ = await arrivals.next()
            }
            var ends = ended.makeAsyncIterator()
            for _ in 0..<2 { _ = await ends.next() }
            let peer = try await SessionDialer(Members.configuration("bob"))
                .withSession(to: listener.address, over: client) { $0.peer.name }
            #expect(peer == "c1")
            group.cancelAll()
        }
    }

    @Test("A guest that stays is shown out", .timeLimit(.minutes(1)))
    func overstaying() async throws {
        var limits = ListenerLimits()
        limits.guestTime = .milliseconds(50)
        let listener = try await listener(limits)
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await listener.run(handler: NoRequests()) }
            let error = await #expect(throws: SessionError.self) {
                try await visit(listener.address) { session in
                    await session.untilEnded()
                    try Task.checkCancellation()
                }
            }
            #expect(error?.code == .closed)
            group.cancelAll()
        }
    }

    @Test("Both ends of a connection call it the same, and without TLS it has no name")
    func binding() async throws {
        let names = Mutex<[[UInt8]]>([])
        let listener = try await listener(ListenerLimits())
        let handler = Answers { _, call in
            let name = try await call.channelBinding()
            names.withLock { $0.append(name) }
            return .ended
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await listener.run(handler: handler) }
            let name = try await visit(listener.address) { session in
                _ = try await session.request(.join(JoinRequest(statement: [1], token: [2], signature: [3])))
                return try await session.channelBinding()
            }
            #expect(names.withLock { $0 } == [name])
            group.cancelAll()
        }
        let pair = try Pair(.plain)
        _ = try await pair.dial { session in
            await #expect(throws: SessionError.self) { _ = try await session.channelBinding() }
        }
    }
}
