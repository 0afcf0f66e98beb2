import NIOCore
import NIOEmbedded

@testable import TLS

/// Two TLS handlers back to back, without sockets.
final class Wire {
    struct End {
        let channel = EmbeddedChannel()
        let recorder = Recorder()

        /// Serials of the chain that the other end has shown.
        var serials: [String] {
            (try? channel.pipeline.syncOperations.handler(type: TLSHandler.self))?.peerSerials ?? []
        }
    }

    let client = End()
    let server = End()
    /// Bytes per delivery; small ones cut records into pieces.
    var chunk = Int.max
    private var ended: Set<ObjectIdentifier> = []

    init(
        client clientContext: TLSContext,
        server serverContext: TLSContext,
        goodbye: PeerGoodbye = .closesBoth
    ) throws {
        try client.channel.pipeline.syncOperations.addHandlers([
            TLSHandler(context: clientContext, goodbye: goodbye), client.recorder,
        ])
        try server.channel.pipeline.syncOperations.addHandlers([
            TLSHandler(context: serverContext, goodbye: goodbye), server.recorder,
        ])
    }

    /// A server that makes its connections as `endpoint` says.
    init(client clientContext: TLSContext, endpoint: TLSEndpoint) throws {
        try client.channel.pipeline.syncOperations.addHandlers([
            TLSHandler(context: clientContext), client.recorder,
        ])
        try server.channel.pipeline.syncOperations.addHandlers([TLSHandler(endpoint: endpoint), server.recorder])
    }

    /// Connects both ends and moves bytes until nothing moves any more.
    func connect() throws {
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: 1)
        client.channel.connect(to: address, promise: nil)
        server.channel.connect(to: address, promise: nil)
        try exchange()
    }

    func exchange() throws {
        var moved = true
        while moved {
            let forth = try move(from: client, to: server)
            let back = try move(from: server, to: client)
            moved = forth || back
            client.channel.embeddedEventLoop.run()
            server.channel.embeddedEventLoop.run()
        }
    }

    /// The peers' time to say goodbye passes.
    func waitForTimers() {
        client.channel.embeddedEventLoop.advanceTime(by: .seconds(60))
        server.channel.embeddedEventLoop.advanceTime(by: .seconds(60))
    }

    /// The bytes that `end` wants to send now, taken off the wire.
    static func take(from end: End) throws -> ByteBuffer {
        var bytes = ByteBuffer()
        while var part = try end.channel.readOutbound(as: ByteBuffer.self) { bytes.writeBuffer(&part) }
        return bytes
    }

    private func move(from sender: End, to receiver: End) throws -> Bool {
        var bytes = try Self.take(from: sender)
        let moved = bytes.readableBytes > 0
        while let part = bytes.readSlice(length: min(chunk, bytes.readableBytes)), part.readableBytes > 0 {
            guard receiver.channel.isActive else { break }
            receiver.channel.pipeline.fireChannelRead(part)
            receiver.channel.pipeline.fireChannelReadComplete()
        }
        if sender.recorder.inactive, receiver.channel.isActive, !moved,
            !ended.contains(ObjectIdentifier(receiver.channel))
        {
            ended.insert(ObjectIdentifier(receiver.channel))
            // What a socket tells when the other one was closed.
            receiver.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
            return true
        }
        return moved
    }
}
