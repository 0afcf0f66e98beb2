import NIOCore
import Protocol
import Synchronization
import TLS
import Testing

@testable import Session

/// Peers that are slow, stuck or malicious, with real sockets; what each may cost is in docs/protocol.md.
struct BoundedPeerTests {
    private static func impatient(_ name: String) throws -> SessionConfiguration {
        var configuration = try Members.configuration(name)
        configuration.limits.hello = .seconds(1)
        configuration.heartbeat = .milliseconds(300)
        return configuration
    }

    /// Runs a listener, and answers why the session that it had has ended, if it had one.
    private func listen(
        over transport: SessionTransport,
        handler: any SessionHandler = NoRequests(),
        _ body: (Int) async throws -> Void
    ) async throws -> SessionError? {
        let listener = try await SessionListener.bind(
            to: loopback(),
            over: transport,
            try Self.impatient("web-1")
        )
        let (sessions, box) = AsyncStream<Session>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await listener.run(handler: handler) { session in
                    box.yield(session)
                    await session.untilEnded()
                }
            }
            try await body(try #require(listener.address.port))
            group.cancelAll()
        }
        box.finish()
        for await session in sessions { return await session.endReason }
        return nil
    }

    private func plain() throws -> SessionTransport { .plain(peer: try Members.peer(.coordinator, "c1")) }

    // MARK: Before the hello

    @Test("Who sends a byte now and then gets no further than the time for a hello", arguments: Pair.Wire.allCases)
    func slowHello(_ wire: Pair.Wire) async throws {
        let members = try Members()
        let transport = wire == .plain ? try plain() : try members.server(.agent, "web-1")
        _ = try await listen(over: transport) { port in
            // The beginning of a hello that is long, or of a TLS record that is.
            let bytes: [UInt8] = wire == .plain ? [0, 0, 16, 0, 1, 0, 0, 0, 0] : [22, 3, 1, 2, 0, 1, 0, 1, 252]
            let socket = try RawSocket(to: port)
            let taken = await socket.drip(bytes + [UInt8](repeating: 0, count: 400), every: 50)
            #expect(taken < 100)
        }
    }

    @Test(
        "Who listens and says nothing, or a byte now and then, holds up a dialer no longer",
        arguments: Pair.Wire.allCases
    )
    func slowListener(_ wire: Pair.Wire) async throws {
        let members = try Members()
        let configuration = try Self.impatient("c1")
        let transport =
            wire == .plain
            ? .plain(peer: try Members.peer(.agent, "web-1")) : try members.client(.coordinator, "c1", to: "web-1")
        let bytes: [UInt8] = wire == .plain ? [0, 0, 16, 0, 1, 0, 0, 0, 0] : [22, 3, 3, 64, 0, 2, 0, 63, 252]
        let taken = try await RawSocket.listening { socket in
            await socket.drip(bytes + [UInt8](repeating: 0, count: 400), every: 50)
        } _: { address in
            let error = await #expect(throws: SessionError.self) {
                try await SessionDialer(configuration).withSession(to: address, over: transport) { _ in }
            }
            #expect(error?.code == .helloTimeout)
        }
        #expect(taken < 100)
    }

    // MARK: In a session

    @Test("A frame that comes a byte at a time is no word: its sender is lost")
    func slowFrame() async throws {
        let reason = try await listen(over: try plain()) { port in
            let socket = try RawSocket(to: port)
            #expect(await socket.send(try Envelope.hello(Members.configuration("c1").hello).bytes()))
            let taken = await socket.drip([0, 1, 0, 0, 1, 0, 0, 0, 1] + [UInt8](repeating: 0, count: 400), every: 30)
            #expect(taken < 100)
        }
        #expect(reason?.advice.contains("silent for 3 heartbeat intervals") == true)
    }

    @Test("The same of a listener: who dialled it is rid of it")
    func slowFrameOfListener() async throws {
        let configuration = try Self.impatient("c1")
        let transport = SessionTransport.plain(peer: try Members.peer(.agent, "web-1"))
        let taken = try await RawSocket.listening { socket in
            _ = await socket.send(try Envelope.hello(Members.configuration("web-1").hello).bytes())
            return await socket.drip([0, 1, 0, 0, 1, 0, 0, 0, 2] + [UInt8](repeating: 0, count: 400), every: 30)
        } _: { address in
            let error = await #expect(throws: SessionError.self) {
                try await SessionDialer(configuration).withSession(to: address, over: transport) { session in
                    await session.untilEnded()
                    try Task.checkCancellation()
                }
            }
            #expect(error?.code == .lost)
        }
        #expect(taken < 100)
    }

    @Test("Who asks and asks and reads no answer is cut off, however lively it speaks")
    func neverReads() async throws {
        let handled = Mutex(0)
        let handler = Answers { _, _ in
            handled.withLock { $0 += 1 }
            return .checkpoints([[UInt8](repeating: 7, count: 900_000)])
        }
        let reason = try await listen(over: try plain(), handler: handler) { port in
            let socket = try RawSocket(to: port)
            #expect(await socket.send(try Envelope.hello(Members.configuration("c1").hello).bytes()))
            for number in 0..<SessionLimits().requests {
                let request = Envelope.request(.success(.checkpoints))
                #expect(await socket.send(try request.bytes(on: StreamID(UInt32(2 * number + 1)))))
            }
            let beat = try Envelope.heartbeat(reportSequence: 1).bytes()
            var beats = 0
            while await !socket.hasEnded(within: 20), beats < 1000, await socket.send(beat) { beats += 1 }
            #expect(beats < 1000)
        }
        #expect(reason?.advice.contains("has not read what was sent for 6 heartbeat intervals") == true)
        #expect(handled.withLock { $0 } <= SessionLimits().requests)
    }

    @Test("The same of a listener: who dialled it is rid of it, and keeps little for it")
    func listenerNeverReads() async throws {
        let configuration = try Self.impatient("c1")
        let transport = SessionTransport.plain(peer: try Members.peer(.agent, "web-1"))
        let ended = try await RawSocket.listening { socket in
            _ = await socket.send(try Envelope.hello(Members.configuration("web-1").hello).bytes())
            let beat = try Envelope.heartbeat(reportSequence: 1).bytes()
            var beats = 0
            while await !socket.hasEnded(within: 20), beats < 1000, await socket.send(beat) { beats += 1 }
            return beats < 1000
        } _: { address in
            let error = await #expect(throws: SessionError.self) {
                try await SessionDialer(configuration).withSession(to: address, over: transport) { session in
                    try await withThrowingDiscardingTaskGroup { group in
                        for _ in 0..<64 {
                            group.addTask {
                                let token = [UInt8](repeating: 7, count: 900_000)
                                _ = try await session.request(
                                    .join(JoinRequest(statement: token, token: [2], signature: [3]))
                                )
                            }
                        }
                    }
                }
            }
            #expect(error?.advice.contains("has not read") == true, "\(String(describing: error))")
        }
        #expect(ended)
    }

    @Test("A guest has one request: the next one ends its session")
    func greedyGuest() async throws {
        let members = try Members()
        let listener = try await SessionListener.bind(
            to: loopback(),
            over: members.hospitable(.coordinator, "c1"),
            Members.configuration("c1")
        )
        let handled = Mutex(0)
        let handler = Answers { _, _ in
            handled.withLock { $0 += 1 }
            throw Problem(code: "join.unknown", message: "no")
        }
        let guest = try members.guest()
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await listener.run(handler: handler) }
            let error = await #expect(throws: SessionError.self) {
                try await SessionDialer(Members.configuration("guest")).withSession(to: listener.address, over: guest) {
                    let join = Request.join(JoinRequest(statement: [1], token: [2], signature: [3]))
                    for _ in 0..<50 { _ = try? await $0.request(join) }
                    _ = try await $0.request(join)
                }
            }
            #expect(error?.code == .closed)
            group.cancelAll()
        }
        #expect(handled.withLock { $0 } == 1)
    }
}
