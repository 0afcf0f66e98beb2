package import NIOCore
import NIOPosix
import Protocol
import TLS

/// Opens sessions with peers that listen.
package struct SessionDialer: Sendable {
    private let configuration: SessionConfiguration
    private let group: any EventLoopGroup

    package init(
        _ configuration: SessionConfiguration,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) {
        self.configuration = configuration
        self.group = group
    }

    /// Connects, introduces us, and runs `body` with the session; both end together.
    ///
    /// The peer's identity is what `transport` demands; use `TLSContext.expecting(peer:)` for a host known by name.
    /// - Throws: `SessionError` when there is no session, or no more; `TLSError`; whatever `body` throws.
    @concurrent
    package func withSession<Value: Sendable>(
        to address: SocketAddress,
        over transport: SessionTransport,
        handler: any SessionHandler = NoRequests(),
        _ body: @escaping @Sendable (Session) async throws -> Value
    ) async throws -> Value {
        let setup = Introduction.Setup(
            configuration: configuration,
            handler: handler,
            bulk: .dials { token, session in
                try await self.runBulk(to: address, over: transport, token, for: session)
            }
        )
        let connection = try await connect(to: address, over: transport)
        return try await connection.channel.executeThenClose { inbound, outbound in
            var frames = inbound.makeAsyncIterator()
            let channel = connection.channel.channel
            let introduction: Introduction
            do {
                introduction = try await within(configuration.limits.hello, channel) {
                    let peer = try await connection.peer.get()
                    try await outbound.write(try Envelope.hello(configuration.hello).frame())
                    guard case .hello(let hello) = try await Introduction.firstMessage(&frames, from: peer) else {
                        throw SessionError.unexpected("\(peer)", "our hello")
                    }
                    return try Introduction(hello, from: peer, .dialer, setup)
                }
            } catch let error as SessionError {
                throw await Introduction.refuse(error, outbound)
            }
            let session = Session(introduction, frames: outbound, on: channel)
            return try await Session.run(session, &frames, body)
        }
    }

    /// The same for a host's name or address in text; the name is resolved first.
    @concurrent
    package func withSession<Value: Sendable>(
        host: String,
        port: Int,
        over transport: SessionTransport,
        handler: any SessionHandler = NoRequests(),
        _ body: @escaping @Sendable (Session) async throws -> Value
    ) async throws -> Value {
        let address: SocketAddress
        do {
            // getaddrinfo blocks, so it runs where blocking is allowed.
            address = try await NIOThreadPool.singleton.runIfActive {
                try SocketAddress.makeAddressResolvingHost(host, port: port)
            }
        } catch {
            throw SessionError(
                .unreachable,
                peer: "\(host):\(port)",
                advice: "has no address (\(error)); check its name"
            )
        }
        return try await withSession(to: address, over: transport, handler: handler, body)
    }

    // MARK: - Connecting

    private func connect(to address: SocketAddress, over transport: SessionTransport) async throws -> FrameConnection {
        let limit = configuration.limits.connect
        do {
            return try await ClientBootstrap(group: group)
                .connectTimeout(TimeAmount(limit))
                .channelOption(.writeBufferWaterMark, value: FrameConnection.writeBuffer)
                .channelOption(.recvAllocator, value: TLSHandler.receiveAllocator)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1, unless: address.isUnix)
                .connect(to: address) { channel in
                    channel.eventLoop.makeCompletedFuture { try FrameConnection.make(channel, transport) }
                }
        } catch let error as ChannelError {
            throw SessionError(.unreachable, peer: "\(address)", advice: "no connection within \(limit) (\(error))")
        } catch let error as IOError {
            throw SessionError(.unreachable, peer: "\(address)", advice: "no connection (\(error)); does it run there?")
        }
    }

    /// Opens a bulk connection with `token` and runs it until it, or the session, ends.
    @concurrent
    private func runBulk(
        to address: SocketAddress,
        over transport: SessionTransport,
        _ token: BulkToken,
        for session: Session
    ) async throws {
        let connection = try await connect(to: address, over: transport)
        try await connection.channel.executeThenClose { inbound, outbound in
            var frames = inbound.makeAsyncIterator()
            let channel = connection.channel.channel
            try await within(configuration.limits.hello, channel) {
                let peer = try await connection.peer.get()
                guard peer == session.peer else {
                    let advice = "answered where \(session.peer) was expected"
                    throw SessionError(.wrongPeer, peer: "\(peer)", advice: advice)
                }
                try await outbound.write(try Envelope.bulkHello(token).frame())
                guard case .bulkWelcome = try await Introduction.firstMessage(&frames, from: peer) else {
                    throw SessionError.unexpected("\(peer)", "our bulk hello")
                }
            }
            let bulk = BulkConnection(of: session, frames: outbound, on: channel)
            await session.attach(bulk)
            await BulkConnection.run(bulk, &frames)
            await session.detach(bulk)
        }
    }

    @concurrent
    private func within<Value: Sendable>(
        _ limit: Duration,
        _ channel: any Channel,
        _ work: @concurrent () async throws -> Value
    ) async throws -> Value {
        try await Introduction.within(limit, configuration.clock, closing: channel, work)
    }
}
