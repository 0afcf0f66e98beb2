import Model
import NIOCore
import NIOPosix
import Protocol
import TLS
import Testing

@testable import Session

struct LifeTests {
    @Test("A broken connection fails what waits for an answer")
    func lost() async throws {
        let configuration = try Members.configuration("c1")
        let agent = SessionTransport.plain(peer: try Members.peer(.agent, "web-1"))
        try await RawPeer.listening { frames, outbound in
            _ = try await RawPeer.next(&frames)
            try await outbound.write(RawPeer.hello("web-1"))
            _ = try await RawPeer.next(&frames)  // the request; then the connection ends
        } then: { address in
            try await SessionDialer(configuration).withSession(to: address, over: agent) { session in
                let error = await #expect(throws: SessionError.self) { try await session.status() }
                #expect(error?.code == .lost)
                let again = await #expect(throws: SessionError.self) { try await session.status() }
                #expect(again?.code == .lost)
            }
        }
    }

    @Test("A silent peer is lost after three heartbeat intervals, and not before")
    func silence() async throws {
        let clock = ManualClock()
        var configuration = try Members.configuration("c1")
        configuration.clock = clock
        configuration.heartbeat = .seconds(5)
        configuration.reportSequence = { 17 }
        let agent = SessionTransport.plain(peer: try Members.peer(.agent, "web-1"))
        let beat = Signal()
        let error = await #expect(throws: SessionError.self) {
            try await RawPeer.listening { frames, outbound in
                _ = try await RawPeer.next(&frames)
                try await outbound.write(RawPeer.hello("web-1"))
                while let envelope = try await RawPeer.next(&frames) {
                    if envelope == .heartbeat(reportSequence: 17) { beat.send() }
                }
            } then: { [configuration] address in
                try await SessionDialer(configuration).withSession(to: address, over: agent) { session in
                    for _ in 1...3 {
                        await clock.sleepers(1)
                        #expect(await session.endReason == nil)
                        clock.advance(by: .seconds(5))
                        await beat.wait()
                    }
                    await session.untilEnded()
                    try Task.checkCancellation()
                }
            }
        }
        #expect(error?.code == .lost)
        #expect(error?.advice.contains("silent for 3 heartbeat intervals of 5.0 seconds") == true)
    }

    @Test("Heartbeats keep an idle session alive and tell the latest report")
    func heartbeats() async throws {
        let clock = ManualClock()
        var pair = try Pair(agentHandler: NoRequests())
        pair.agent.clock = clock
        pair.coordinator.clock = clock
        pair.agent.heartbeat = .seconds(5)
        pair.coordinator.heartbeat = .seconds(5)
        pair.agent.reportSequence = { 42 }
        try await pair.dial { (session) async throws in
            await clock.sleepers(2)
            clock.advance(by: .seconds(5))
            // Both sleep again, so both heartbeats are on their way, and an answer can only come behind them.
            await clock.sleepers(2)
            _ = try? await session.status()
            #expect(await session.peerReportSequence == 42)
            #expect(await session.endReason == nil)
        }
    }

    @Test("Versions without a common one are refused, and both are named")
    func versions() async throws {
        var pair = try Pair()
        pair.coordinator = try Members.configuration("c1", versions: #require(VersionRange(validating: 4, minimum: 3)))
        let error = await #expect(throws: SessionError.self) { try await pair.dial { _ in } }
        #expect(error?.code == .versionUnsupported)
        #expect(error?.advice.contains("speak 3 to 4") == true)
        #expect(error?.advice.contains("speaks 1;") == true)
    }

    @Test("A name that the certificate does not say is refused")
    func wrongName() async throws {
        var pair = try Pair(.tls)
        pair.agent = try Members.configuration("web-2")
        let error = await #expect(throws: SessionError.self) { try await pair.dial { _ in } }
        #expect(error?.code == .wrongPeer)
    }

    @Test("A peer that says nothing is let go")
    func helloTimeout() async throws {
        let clock = ManualClock()
        var configuration = try Members.configuration("web-1")
        configuration.clock = clock
        let listener = try await SessionListener.bind(
            to: loopback(),
            over: .plain(peer: Members.peer(.coordinator, "c1")),
            configuration
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await listener.run(handler: NoRequests()) }
            try await RawPeer.dialing(listener.address) { (frames, _, _) async throws in
                await clock.sleepers(1)
                clock.advance(by: .seconds(10))
                #expect(try await RawPeer.next(&frames) == nil)
            }
            group.cancelAll()
        }
    }

    @Test("More sessions than allowed are refused with the reason")
    func connections() async throws {
        var limits = ListenerLimits()
        limits.connections = 1
        let listener = try await SessionListener.bind(
            to: loopback(),
            over: .plain(peer: Members.peer(.coordinator, "c1")),
            Members.configuration("web-1"),
            limits: limits
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await listener.run(handler: NoRequests()) }
            try await RawPeer.dialing(listener.address) { frames, outbound, _ in
                try await outbound.write(RawPeer.hello("c1"))
                guard case .hello = try await RawPeer.next(&frames) else {
                    Issue.record("no hello")
                    return
                }
                try await RawPeer.dialing(listener.address) { (frames, outbound, _) async throws in
                    try await outbound.write(RawPeer.hello("c1"))
                    guard case .goodbye(let goodbye) = try await RawPeer.next(&frames) else {
                        Issue.record("no goodbye")
                        return
                    }
                    #expect(goodbye.code == "session.full")
                }
            }
            group.cancelAll()
        }
    }

    @Test("A frame beyond the limit ends the session, and the peer hears why")
    func oversized() async throws {
        let listener = try await SessionListener.bind(
            to: loopback(),
            over: .plain(peer: Members.peer(.coordinator, "c1")),
            Members.configuration("web-1")
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await listener.run(handler: NoRequests()) }
            try await RawPeer.dialing(listener.address) { (frames, outbound, channel) async throws in
                try await outbound.write(RawPeer.hello("c1"))
                guard case .hello = try await RawPeer.next(&frames) else {
                    Issue.record("no hello")
                    return
                }
                try await RawPeer.write([0x7F, 0xFF, 0xFF, 0xFF, 1, 0, 0, 0, 1], to: channel)
                guard case .goodbye(let goodbye) = try await RawPeer.next(&frames) else {
                    Issue.record("no goodbye")
                    return
                }
                #expect(goodbye.code == "protocol.frame_too_large")
                #expect(try await RawPeer.next(&frames) == nil)
            }
            group.cancelAll()
        }
    }

    @Test("Who does not begin with a hello hears why it is let go", arguments: [[0, 0, 0, 1, 9, 0, 0, 0, 0], []])
    func noHello(_ bytes: [UInt8]) async throws {
        let listener = try await SessionListener.bind(
            to: loopback(),
            over: .plain(peer: Members.peer(.coordinator, "c1")),
            Members.configuration("web-1")
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await listener.run(handler: NoRequests()) }
            try await RawPeer.dialing(listener.address) { (frames, outbound, channel) async throws in
                if bytes.isEmpty {
                    try await outbound.write(Envelope.heartbeat(reportSequence: 1).frame())
                } else {
                    try await RawPeer.write(bytes, to: channel)
                }
                guard case .goodbye(let goodbye) = try await RawPeer.next(&frames) else {
                    Issue.record("no goodbye")
                    return
                }
                #expect(goodbye.code == (bytes.isEmpty ? "session.unexpected_answer" : "session.protocol_violation"))
            }
            group.cancelAll()
        }
    }
}
