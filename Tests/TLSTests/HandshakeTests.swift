import Foundation
import Model
import NIOCore
import NIOEmbedded
import Testing

@testable import TLS

private let twoDaysAgo = ScratchFleet.now + .days(-2)

struct HandshakeTests {
    @Test("Both ends learn who the other one is")
    func mutualIdentities() throws {
        let fleet = try ScratchFleet()
        let wire = try Wire(client: fleet.client().expecting(peer: "web-1"), server: fleet.server())
        try wire.connect()
        #expect(wire.client.recorder.peer?.uri == "spiffe://test/agent/web-1")
        #expect(wire.server.recorder.peer?.uri == "spiffe://test/coordinator/c1")
        #expect(wire.client.recorder.errors.isEmpty && wire.server.recorder.errors.isEmpty)
    }

    @Test("Records that arrive one byte at a time are put together")
    func singleBytes() throws {
        let fleet = try ScratchFleet()
        let wire = try Wire(client: fleet.client(), server: fleet.server())
        wire.chunk = 1
        try wire.connect()
        let text = String(repeating: "0123456789", count: 4000)
        wire.client.channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
        wire.server.channel.writeAndFlush(ByteBuffer(string: "pong"), promise: nil)
        try wire.exchange()
        #expect(wire.server.recorder.text == text)
        #expect(wire.client.recorder.text == "pong")
    }

    struct Refusal: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let serverSees: TLSError.Code
        let clientSees: TLSError.Code
        let contexts: @Sendable (ScratchFleet) throws -> (client: TLSContext, server: TLSContext)
    }

    @Test(
        "A client that must not come in is refused with its reason, and told so",
        arguments: [
            Refusal(testDescription: "wrong authority", serverSees: .wrongAuthority, clientSees: .refusedByPeer) {
                fleet in
                let foreign = try ScratchFleet()
                let identity = try foreign.identity(.coordinator, "c1")
                return (try fleet.client(identity), try fleet.server())
            },
            Refusal(testDescription: "wrong role", serverSees: .wrongRole, clientSees: .refusedByPeer) { fleet in
                (try fleet.client(fleet.identity(.agent, "web-2")), try fleet.server())
            },
            Refusal(testDescription: "wrong name", serverSees: .wrongName, clientSees: .refusedByPeer) { fleet in
                (try fleet.client(), try fleet.server().expecting(peer: "c2"))
            },
            Refusal(testDescription: "expired", serverSees: .certificateExpired, clientSees: .refusedByPeer) { fleet in
                let identity = try fleet.identity(.coordinator, "c1", validity: .days(1), now: twoDaysAgo)
                return (try fleet.client(identity), try fleet.server())
            },
            Refusal(testDescription: "not yet valid", serverSees: .certificateNotYetValid, clientSees: .refusedByPeer) {
                let identity = try $0.identity(.coordinator, "c1", now: ScratchFleet.now + .hours(2))
                return (try $0.client(identity), try $0.server())
            },
        ]
    )
    func refusedClient(_ row: Refusal) throws {
        let fleet = try ScratchFleet()
        let contexts = try row.contexts(fleet)
        let wire = try Wire(client: contexts.client, server: contexts.server)
        try wire.connect()
        #expect(wire.server.recorder.codes == [row.serverSees])
        #expect(wire.server.recorder.peer == nil)
        #expect(wire.client.recorder.codes == [row.clientSees])
        wire.waitForTimers()
        #expect(!wire.client.channel.isActive && !wire.server.channel.isActive)
    }

    @Test(
        "A server that is not the expected one is refused, and told so",
        arguments: [
            Refusal(testDescription: "wrong authority", serverSees: .refusedByPeer, clientSees: .wrongAuthority) {
                fleet in
                let foreign = try ScratchFleet()
                return (try fleet.client(), try fleet.server(foreign.identity(.agent, "web-1")))
            },
            Refusal(testDescription: "wrong name", serverSees: .refusedByPeer, clientSees: .wrongName) { fleet in
                (try fleet.client().expecting(peer: "web-2"), try fleet.server())
            },
            Refusal(testDescription: "wrong role", serverSees: .refusedByPeer, clientSees: .wrongRole) { fleet in
                (try fleet.client(), try fleet.server(fleet.identity(.operator, "web-1")))
            },
            Refusal(testDescription: "expired", serverSees: .refusedByPeer, clientSees: .certificateExpired) { fleet in
                let identity = try fleet.identity(.agent, "web-1", validity: .days(1), now: twoDaysAgo)
                return (try fleet.client(), try fleet.server(identity))
            },
            Refusal(testDescription: "not yet valid", serverSees: .refusedByPeer, clientSees: .certificateNotYetValid) {
                let identity = try $0.identity(.agent, "web-1", now: ScratchFleet.now + .hours(2))
                return (try $0.client(), try $0.server(identity))
            },
            Refusal(testDescription: "expired authority", serverSees: .refusedByPeer, clientSees: .authorityExpired) {
                _ in
                let old = try ScratchFleet(validity: .days(1), now: twoDaysAgo)
                let client = try old.identity(.coordinator, "c1", now: twoDaysAgo)
                return (try old.client(client), try old.server(old.identity(.agent, "web-1", now: twoDaysAgo)))
            },
        ]
    )
    func refusedServer(_ row: Refusal) throws {
        let fleet = try ScratchFleet()
        let contexts = try row.contexts(fleet)
        let wire = try Wire(client: contexts.client, server: contexts.server)
        try wire.connect()
        #expect(wire.client.recorder.codes == [row.clientSees])
        #expect(wire.client.recorder.peer == nil)
        #expect(wire.server.recorder.codes == [row.serverSees])
    }

    @Test("The advice for an expired certificate names both times, and OpenSSL's own words come with it")
    func advice() throws {
        let fleet = try ScratchFleet()
        let past = WallTime(milliseconds: 1_700_000_000_000)
        let identity = try fleet.identity(.coordinator, "c1", validity: .days(1), now: past)
        let wire = try Wire(client: fleet.client(identity), server: fleet.server())
        try wire.connect()
        let error = try #require(wire.server.recorder.errors.first as? TLSError)
        #expect(error.subject == "spiffe://test/coordinator/c1")
        #expect(error.advice.contains("it ended at 2023-11-15T22:13:20Z"))
        #expect(error.stack.contains { $0.contains("certificate verify failed") })
    }

    @Test("The advice for an expired authority is to make another, not to renew a certificate")
    func authorityAdvice() throws {
        let fleet = try ScratchFleet(validity: .days(1), now: WallTime(milliseconds: 1_700_000_000_000))
        let past = fleet.authority.certificate.notBefore
        let wire = try Wire(
            client: fleet.client(fleet.identity(.coordinator, "c1", now: past)),
            server: fleet.server(fleet.identity(.agent, "web-1", now: past))
        )
        try wire.connect()
        let error = try #require(wire.client.recorder.errors.first as? TLSError)
        #expect(error.subject == "spiffe://test")
        #expect(error.advice.contains("the fleet's authority ended at 2023-11-15T22:13:20Z"))
        #expect(error.advice.contains("'fleet ca init'"))
    }

    @Test("A client without a certificate is refused")
    func noCertificate() throws {
        let fleet = try ScratchFleet()
        let web = TLSContext.webClient(
            host: "web-1",
            trust: try .only(fleet.authority.anchors),
            applicationProtocol: TLSContext.fleetProtocol
        )
        let anonymous = TLSContext(
            context: web.context,
            side: .client,
            policy: .member(fleet: "test", roles: [.agent], name: nil),
            applicationProtocol: TLSContext.fleetProtocol
        )
        let wire = try Wire(client: anonymous, server: fleet.server())
        try wire.connect()
        #expect(wire.server.recorder.codes == [.noCertificate])
        #expect(wire.client.recorder.codes == [.refusedByPeer])
    }

    @Test("A client that offers no application protocol, or another one, is refused", arguments: [nil, "http/1.1"])
    func wrongApplicationProtocol(_ offered: String?) throws {
        let fleet = try ScratchFleet()
        let real = try fleet.client()
        let client = TLSContext(
            context: real.context,
            side: .client,
            policy: real.policy,
            applicationProtocol: offered
        )
        let wire = try Wire(client: client, server: fleet.server())
        try wire.connect()
        #expect(wire.server.recorder.codes == [.applicationProtocol])
        #expect(wire.server.recorder.peer == nil)
    }

    @Test("A peer that speaks no TLS is recognised", arguments: ["GET / HTTP/1.1\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n"])
    func plaintext(_ greeting: String) throws {
        let fleet = try ScratchFleet()
        let wire = try Wire(client: fleet.client(), server: fleet.server())
        wire.server.channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
        wire.server.channel.pipeline.fireChannelRead(ByteBuffer(string: greeting))
        #expect(wire.server.recorder.codes == [.plaintextPeer])
        wire.waitForTimers()
        #expect(!wire.server.channel.isActive)
    }

    @Test("A handshake that does not end in time is ended")
    func timeout() throws {
        let fleet = try ScratchFleet()
        let wire = try Wire(client: fleet.client(), server: fleet.server())
        wire.server.channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
        wire.server.channel.embeddedEventLoop.advanceTime(by: .seconds(11))
        #expect(wire.server.recorder.codes == [.handshakeTimeout])
        #expect(!wire.server.channel.isActive)
    }

    @Test("The handshake's time limit ends with the handshake")
    func noLateTimeout() throws {
        let fleet = try ScratchFleet()
        let wire = try Wire(client: fleet.client(), server: fleet.server())
        try wire.connect()
        wire.waitForTimers()
        #expect(wire.client.recorder.errors.isEmpty && wire.client.channel.isActive)
    }
}
