import Logging
package import NIOCore
import NIOPosix
import Protocol
import TLS

/// Accepts sessions from peers that dial.
package struct SessionListener: Sendable {
    /// Where it listens; with port 0, the port that the system has picked.
    package let address: SocketAddress

    private let configuration: SessionConfiguration
    private let server: NIOAsyncChannel<FrameConnection, Never>
    private let tickets: BulkTickets
    private let newcomers: Newcomers
    private let open: ConnectionCount
    private let guestTime: Duration

    /// Binds the socket; connections are accepted by `run`, which must be called.
    package static func bind(
        to address: SocketAddress,
        over transport: SessionTransport,
        _ configuration: SessionConfiguration,
        limits: ListenerLimits = ListenerLimits(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) async throws -> Self {
        let server = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 128)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.writeBufferWaterMark, value: FrameConnection.writeBuffer)
            .childChannelOption(.recvAllocator, value: TLSHandler.receiveAllocator)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1, unless: address.isUnix)
            .bind(to: address) { channel in
                channel.eventLoop.makeCompletedFuture { try FrameConnection.make(channel, transport) }
            }
        return Self(
            address: server.channel.localAddress ?? address,
            configuration: configuration,
            server: server,
            limits: limits
        )
    }

    private init(
        address: SocketAddress,
        configuration: SessionConfiguration,
        server: NIOAsyncChannel<FrameConnection, Never>,
        limits: ListenerLimits
    ) {
        self.address = address
        self.configuration = configuration
        self.server = server
        tickets = BulkTickets(clock: configuration.clock)
        newcomers = Newcomers(limits: limits)
        open = ConnectionCount(limit: limits.connections)
        guestTime = limits.guestTime
    }

    /// Accepts and serves until the caller is cancelled.
    ///
    /// `body` runs beside each session and ends with it; for owners who ask their peers too.
    package func run(
        handler: any SessionHandler,
        _ body: @escaping @Sendable (Session) async throws -> Void = { await $0.untilEnded() }
    ) async throws {
        let setup = Introduction.Setup(configuration: configuration, handler: handler, bulk: .accepts(tickets))
        try await server.executeThenClose { connections in
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in connections {
                    newcomers.enter(connection.channel.channel)?.close(promise: nil)
                    group.addTask { await serve(connection, setup, body) }
                }
            }
        }
    }

    @concurrent
    private func serve(
        _ connection: FrameConnection,
        _ setup: Introduction.Setup,
        _ body: @escaping @Sendable (Session) async throws -> Void
    ) async {
        let channel = connection.channel.channel
        let address = channel.remoteAddress.map { "\($0)" } ?? "unknown"
        defer { newcomers.leave(channel) }
        do {
            try await connection.channel.executeThenClose { inbound, outbound in
                var frames = inbound.makeAsyncIterator()
                let (peer, first) = try await greet(&frames, connection, outbound)
                // Anybody can be a guest: it takes no member's place, and goes when newer ones come.
                guard peer.role != .guest else {
                    return try await entertain(first, peer, setup, &frames, outbound, channel)
                }
                newcomers.leave(channel)
                guard open.enter() else { throw await Introduction.refuse(.full("\(peer)"), outbound) }
                defer { open.leave() }
                switch first {
                case .hello(let hello):
                    try await outbound.write(try Envelope.hello(configuration.hello).frame())
                    let introduction = try await introduce(hello, peer, setup, outbound)
                    let session = Session(introduction, frames: outbound, on: channel)
                    try await run(session, &frames, body)
                case .bulkHello(let token):
                    try await serveBulk(token, from: peer, &frames, outbound, channel)
                case _:
                    let error = SessionError.unexpected("\(peer)", "nothing: its first message is no hello")
                    throw await Introduction.refuse(error, outbound)
                }
            }
        } catch {
            configuration.logger.info("connection ended", metadata: ["address": "\(address)", "reason": "\(error)"])
        }
    }

    /// Runs the session of a guest, for a short time.
    @concurrent
    private func entertain(
        _ first: Envelope,
        _ peer: PeerIdentity,
        _ setup: Introduction.Setup,
        _ frames: inout Session.Frames,
        _ outbound: NIOAsyncChannelOutboundWriter<Frame>,
        _ channel: any Channel
    ) async throws {
        guard case .hello(let hello) = first else {
            throw await Introduction.refuse(.unexpected("\(peer)", "nothing: its first message is no hello"), outbound)
        }
        try await outbound.write(try Envelope.hello(configuration.hello).frame())
        let introduction = try await introduce(hello, peer, setup, outbound)
        let session = Session(introduction, frames: outbound, on: channel)
        let (clock, limit) = (configuration.clock, guestTime)
        // Its end is the session's: the body of a guest waits for nothing else.
        try await run(session, &frames) { _ in try await clock.sleep(for: limit) }
    }

    /// Waits until the peer is known and has said its first word.
    @concurrent
    private func greet(
        _ frames: inout Session.Frames,
        _ connection: FrameConnection,
        _ outbound: NIOAsyncChannelOutboundWriter<Frame>
    ) async throws -> (PeerIdentity, Envelope) {
        let channel = connection.channel.channel
        do {
            return try await Introduction.within(configuration.limits.hello, configuration.clock, closing: channel) {
                let peer = try await connection.peer.get()
                return (peer, try await Introduction.firstMessage(&frames, from: peer))
            }
        } catch let error as SessionError {
            throw await Introduction.refuse(error, outbound)
        }
    }

    /// Runs a session and forgets its tickets at its end, however it ends.
    @concurrent
    private func run(
        _ session: Session,
        _ frames: inout Session.Frames,
        _ body: @escaping @Sendable (Session) async throws -> Void
    ) async throws {
        do {
            try await Session.run(session, &frames, body)
        } catch {
            await tickets.revoke(session)
            throw error
        }
        await tickets.revoke(session)
    }

    /// Checks who introduces itself, and tells it when it is refused.
    private func introduce(
        _ hello: Hello,
        _ peer: PeerIdentity,
        _ setup: Introduction.Setup,
        _ outbound: NIOAsyncChannelOutboundWriter<Frame>
    ) async throws -> Introduction {
        do {
            return try Introduction(hello, from: peer, .acceptor, setup)
        } catch let error as SessionError {
            throw await Introduction.refuse(error, outbound)
        }
    }

    @concurrent
    private func serveBulk(
        _ token: BulkToken,
        from peer: PeerIdentity,
        _ frames: inout Session.Frames,
        _ outbound: NIOAsyncChannelOutboundWriter<Frame>,
        _ channel: any Channel
    ) async throws {
        guard let session = await tickets.redeem(token, by: peer) else {
            let goodbye = Goodbye(
                code: "bulk.token_unknown",
                message: "this bulk token is unknown, used, or another peer's"
            )
            try await outbound.write(try Envelope.goodbye(goodbye).frame())
            throw SessionError(
                .wrongPeer,
                peer: "\(peer)",
                advice: "presented a bulk token that is not its own, or used"
            )
        }
        let bulk = BulkConnection(of: session, frames: outbound, on: channel)
        await session.attach(bulk)
        try await outbound.write(try Envelope.bulkWelcome.frame())
        await BulkConnection.run(bulk, &frames)
        await session.detach(bulk)
    }
}
