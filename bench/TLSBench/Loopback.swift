import NIOCore
import NIOPosix
import TLS

/// One event loop for each side, so that each has one core and its own CPU time.
struct Loopback {
    let credentials: Credentials
    let serverGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let clientGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    func listen(_ handler: @escaping @Sendable () -> any ChannelHandler & Sendable) async throws -> any Channel {
        let context = credentials.server
        return try await ServerBootstrap(group: serverGroup)
            .serverChannelOption(.backlog, value: 1024)
            .childChannelOption(.recvAllocator, value: TLSHandler.receiveAllocator)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([TLSHandler(context: context), handler()])
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
    }

    func connect(to listener: any Channel, _ handler: any ChannelHandler & Sendable) async throws -> any Channel {
        let context = credentials.client.expecting(peer: "server")
        return try await ClientBootstrap(group: clientGroup)
            .channelOption(.recvAllocator, value: TLSHandler.receiveAllocator)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([TLSHandler(context: context), handler])
                }
            }
            .connect(host: "127.0.0.1", port: listener.localAddress?.port ?? 0)
            .get()
    }

    func shutdown() async throws {
        try await clientGroup.shutdownGracefully()
        try await serverGroup.shutdownGracefully()
    }
}
