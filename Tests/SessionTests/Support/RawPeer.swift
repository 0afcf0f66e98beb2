import NIOCore
import NIOPosix
import Protocol
import TLS
import Testing

@testable import Session

/// A peer that says exactly what a test wants.
enum RawPeer {
    typealias Frames = NIOAsyncChannelInboundStream<Frame>.AsyncIterator
    typealias Outbound = NIOAsyncChannelOutboundWriter<Frame>

    /// Listens for one connection and runs `talk` on it.
    @concurrent
    static func listening<Value: Sendable>(
        _ talk: @escaping @concurrent @Sendable (inout Frames, Outbound) async throws -> Void,
        then body: @escaping @Sendable (SocketAddress) async throws -> Value
    ) async throws -> Value {
        let transport = SessionTransport.plain(peer: try Members.peer(.coordinator, "c1"))
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(to: loopback()) { channel in
                channel.eventLoop.makeCompletedFuture { try FrameConnection.make(channel, transport) }
            }
        let address = try #require(server.channel.localAddress)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await server.executeThenClose { connections in
                    for try await connection in connections {
                        try await connection.channel.executeThenClose { inbound, outbound in
                            var frames = inbound.makeAsyncIterator()
                            try await talk(&frames, outbound)
                        }
                    }
                }
            }
            defer { group.cancelAll() }
            return try await body(address)
        }
    }

    /// Dials `address` and runs `talk`.
    @concurrent
    static func dialing<Value: Sendable>(
        _ address: SocketAddress,
        _ talk: @escaping @concurrent @Sendable (inout Frames, Outbound, any Channel) async throws -> Value
    ) async throws -> Value {
        let transport = SessionTransport.plain(peer: try Members.peer(.agent, "web-1"))
        let connection = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(to: address) { channel in
                channel.eventLoop.makeCompletedFuture { try FrameConnection.make(channel, transport) }
            }
        return try await connection.channel.executeThenClose { inbound, outbound in
            var frames = inbound.makeAsyncIterator()
            return try await talk(&frames, outbound, connection.channel.channel)
        }
    }

    static func hello(_ name: String) throws -> Frame {
        try Envelope.hello(Members.configuration(name).hello).frame()
    }

    /// Sends bytes that need not be a frame.
    static func write(_ bytes: [UInt8], to channel: any Channel) async throws {
        try await channel.eventLoop.flatSubmit {
            channel.eventLoop.makeCompletedFuture {
                let handler = try channel.pipeline.syncOperations.context(handlerType: FrameHandler.self)
                handler.writeAndFlush(NIOAny(ByteBuffer(bytes: bytes)), promise: nil)
            }
        }.get()
    }

    @concurrent
    static func next(_ frames: inout Frames) async throws -> Envelope? {
        try await frames.next().map { try Envelope(payload: $0.payload) }
    }
}
