import NIOCore
import NIOEmbedded
import Testing

@testable import Protocol

struct FrameHandlerTests {
    @Test("A frame goes through two handlers unchanged", arguments: [1, 4096, 4097, 65_536])
    func roundTrip(_ size: Int) throws {
        let sender = EmbeddedChannel(handler: FrameHandler())
        let receiver = EmbeddedChannel(handler: FrameHandler())
        let frame = Frame(kind: .bulk, stream: StreamID(3), payload: ByteBuffer(repeating: 5, count: size))
        try sender.writeOutbound(frame)
        while let bytes = try sender.readOutbound(as: ByteBuffer.self) { try receiver.writeInbound(bytes) }
        #expect(try receiver.readInbound(as: Frame.self) == frame)
        #expect(try receiver.finish().isClean)
    }

    @Test("Bytes that are no frame are told once, and the peer can still be told why")
    func refused() throws {
        let channel = EmbeddedChannel(handler: FrameHandler())
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/none")).wait()
        let error = try #require(throws: ProtocolError.self) {
            try channel.writeInbound(ByteBuffer(string: "SSH-2.0-OpenSSH_9.2"))
        }
        #expect(error.code == .frameKindUnknown)
        try channel.writeInbound(ByteBuffer(string: "SSH-2.0-OpenSSH_9.2"))
        #expect(try channel.readInbound(as: Frame.self) == nil)
        try channel.writeOutbound(Envelope.goodbye(.closing).frame())
        #expect(try channel.readOutbound(as: ByteBuffer.self) != nil)
        #expect(channel.isActive)
    }

    @Test("A connection that ends inside a frame says so")
    func truncated() throws {
        let channel = EmbeddedChannel(handler: FrameHandler())
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/none")).wait()
        try channel.writeInbound(ByteBuffer(bytes: [0, 0, 0, 9, 1]))
        let error = try #require(throws: ProtocolError.self) { try channel.finish() }
        #expect(error.code == .frameTruncated)
    }
}
