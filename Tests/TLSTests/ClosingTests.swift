import NIOCore
import NIOEmbedded
import Testing

@testable import TLS

struct ClosingTests {
    private let fleet: ScratchFleet

    init() throws { fleet = try ScratchFleet() }

    private func wire(_ goodbye: PeerGoodbye = .closesBoth) throws -> Wire {
        let wire = try Wire(client: fleet.client(), server: fleet.server(), goodbye: goodbye)
        try wire.connect()
        return wire
    }

    @Test("A close is announced to the peer, and both ends close without an error")
    func cleanClose() throws {
        let wire = try wire()
        wire.client.channel.writeAndFlush(ByteBuffer(string: "last words"), promise: nil)
        let closed = wire.client.channel.close()
        #expect(wire.client.channel.isActive)
        try wire.exchange()
        try closed.wait()
        #expect(wire.server.recorder.text == "last words")
        #expect(wire.client.recorder.inactive && wire.server.recorder.inactive)
        #expect(wire.client.recorder.errors.isEmpty && wire.server.recorder.errors.isEmpty)
    }

    @Test("A peer that never answers our goodbye is closed when its time is over")
    func closeTimeout() throws {
        let wire = try wire()
        let first = wire.client.channel.close()
        let second = wire.client.channel.close()
        wire.client.channel.embeddedEventLoop.advanceTime(by: .seconds(4))
        #expect(wire.client.channel.isActive)
        wire.client.channel.embeddedEventLoop.advanceTime(by: .seconds(2))
        #expect(!wire.client.channel.isActive)
        try first.wait()
        try second.wait()
        #expect(wire.client.recorder.errors.isEmpty)
    }

    @Test("Ends that close in the same moment don't wait for each other")
    func simultaneousClose() throws {
        let wire = try wire()
        wire.server.channel.writeAndFlush(ByteBuffer(string: "not heard any more"), promise: nil)
        let first = wire.client.channel.close()
        let second = wire.server.channel.close()
        try wire.exchange()
        try #require(wire.client.recorder.inactive && wire.server.recorder.inactive)
        try first.wait()
        try second.wait()
        #expect(wire.client.recorder.errors.isEmpty && wire.server.recorder.errors.isEmpty)
    }

    @Test("A connection that is cut without a goodbye is an error")
    func truncation() throws {
        let wire = try wire()
        wire.client.channel.writeAndFlush(ByteBuffer(string: "half of it"), promise: nil)
        try wire.exchange()
        wire.server.channel.pipeline.fireChannelInactive()
        #expect(wire.server.recorder.text == "half of it")
        #expect(wire.server.recorder.codes == [.truncated])
    }

    @Test("A half-closed socket without a goodbye is an error too, and closes the channel")
    func truncatedHalf() throws {
        let wire = try wire()
        wire.server.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(wire.server.recorder.codes == [.truncated])
        #expect(!wire.server.channel.isActive)
    }

    @Test("A connection that is cut in the handshake is an error")
    func truncatedHandshake() throws {
        let wire = try Wire(client: fleet.client(), server: fleet.server())
        wire.client.channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
        wire.client.channel.writeAndFlush(ByteBuffer(string: "never sent"), promise: nil)
        wire.client.channel.pipeline.fireChannelInactive()
        #expect(wire.client.recorder.codes == [.handshakeFailed])
    }

    @Test("After a half-close the other direction goes on")
    func halfClose() throws {
        let wire = try wire(.closesInput)
        wire.client.channel.writeAndFlush(ByteBuffer(string: "question"), promise: nil)
        let closed = wire.client.channel.close(mode: .output)
        try wire.exchange()
        try closed.wait()
        #expect(wire.server.recorder.text == "question")
        #expect(wire.server.recorder.inputClosed)
        #expect(wire.server.channel.isActive && wire.client.channel.isActive)

        wire.server.channel.writeAndFlush(ByteBuffer(string: "answer"), promise: nil)
        try wire.exchange()
        #expect(wire.client.recorder.text == "answer")

        let late = wire.client.channel.writeAndFlush(ByteBuffer(string: "too late"))
        #expect(throws: ChannelError.self) { try late.wait() }

        let done = wire.server.channel.close(mode: .output)
        try wire.exchange()
        try done.wait()
        #expect(wire.client.recorder.inactive && wire.server.recorder.inactive)
        #expect(wire.client.recorder.errors.isEmpty && wire.server.recorder.errors.isEmpty)
    }

    @Test("Writes that were not flushed are refused by a close, not forgotten")
    func unflushed() throws {
        let wire = try wire()
        let written = wire.client.channel.write(ByteBuffer(string: "unflushed"))
        wire.client.channel.close(promise: nil)
        #expect(throws: ChannelError.self) { try written.wait() }
    }

    @Test("Writes that wait for a handshake that fails are refused with its error")
    func failedHandshake() throws {
        let wire = try Wire(client: fleet.client().expecting(peer: "web-9"), server: fleet.server())
        let written = wire.client.channel.writeAndFlush(ByteBuffer(string: "secret"))
        try wire.connect()
        let error = #expect(throws: TLSError.self) { try written.wait() }
        #expect(error?.code == .wrongName)
        #expect(wire.server.recorder.text.isEmpty)
    }
}
