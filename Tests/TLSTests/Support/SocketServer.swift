import NIOCore
import NIOPosix

@testable import TLS

/// A listener on loopback, on a port that the system picks.
struct SocketServer {
    let channel: any Channel

    /// Listens; each connection gets `handlers` behind its TLS handler.
    static func start(
        _ context: TLSContext,
        group: any EventLoopGroup,
        handlers: @escaping @Sendable () -> [any ChannelHandler & Sendable]
    ) async throws -> Self {
        let channel = try await ServerBootstrap(group: group)
            .childChannelOption(.recvAllocator, value: TLSHandler.receiveAllocator)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(TLSHandler(context: context))
                    try channel.pipeline.syncOperations.addHandlers(handlers())
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        return Self(channel: channel)
    }

    var port: Int { channel.localAddress?.port ?? 0 }

    static func connect(
        to port: Int,
        _ context: TLSContext,
        group: any EventLoopGroup,
        handler: any ChannelHandler & Sendable
    ) async throws -> any Channel {
        try await ClientBootstrap(group: group)
            .channelOption(.recvAllocator, value: TLSHandler.receiveAllocator)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([TLSHandler(context: context), handler])
                }
            }
            .connect(host: "127.0.0.1", port: port)
            .get()
    }
}
