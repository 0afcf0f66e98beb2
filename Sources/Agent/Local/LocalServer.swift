internal import FoundationEssentials
internal import Glibc
internal import Logging
internal import Model
internal import NIOCore
internal import NIOPosix

/// Answers people on the host over a Unix socket: one JSON line in, one JSON line out.
///
/// Everyone may look; only root and the agent's own user may change anything. Who asks is what the kernel says
/// (unix(7), `SO_PEERCRED`), never what the request says.
struct LocalServer: Sendable {
    let path: String
    let group: any EventLoopGroup
    let logger: Logger
    let handler: @Sendable (LocalCall, _ user: String) async -> LocalReply

    /// Longest request in bytes.
    private static let longestRequest = 1 << 20
    /// Connections that may be open at once; more wait in the backlog.
    private static let mostConnections = 32

    /// Listens until the task is cancelled.
    func run() async throws {
        let server = try await ServerBootstrap(group: group)
            .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        guard chmod(path, 0o666) == 0 else { throw FileError.last("chmod", path) }
        try await withThrowingDiscardingTaskGroup { connections in
            try await server.executeThenClose { inbound in
                for try await connection in inbound {
                    connections.addTask { await serve(connection) }
                }
            }
        }
    }

    private func serve(_ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async {
        do {
            let peer = try await Self.peer(of: connection.channel)
            try await connection.executeThenClose { inbound, outbound in
                guard let request = try await Self.line(inbound) else { return }
                let reply = await answer(request, peer)
                try await outbound.write(ByteBuffer(bytes: try JSONEncoder().encode(reply) + [UInt8(ascii: "\n")]))
            }
        } catch {
            logger.debug("local connection ended", metadata: ["error": "\(error)"])
        }
    }

    private func answer(_ request: [UInt8], _ peer: LocalPeer) async -> LocalReply {
        let call: LocalCall
        do {
            call = try JSONDecoder().decode(LocalCall.self, from: Data(request))
        } catch {
            return .failed(
                Failure(.internalError, "the agent does not understand this request: is it of another version?")
            )
        }
        guard peer.mayChange || call.isReading else {
            return .failed(
                Failure(.orderRefused, "user \(peer.name) may look, but only root may change this host; use sudo")
            )
        }
        return await handler(call, peer.name)
    }

    /// The request, or nil when the peer left without one.
    private static func line(_ inbound: NIOAsyncChannelInboundStream<ByteBuffer>) async throws -> [UInt8]? {
        var received: [UInt8] = []
        for try await chunk in inbound {
            received.append(contentsOf: chunk.readableBytesView)
            if let end = received.firstIndex(of: UInt8(ascii: "\n")) { return Array(received[..<end]) }
            guard received.count <= longestRequest else { return nil }
        }
        return nil
    }

    private static func peer(of channel: any Channel) async throws -> LocalPeer {
        guard let provider = channel as? any SocketOptionProvider else { return LocalPeer(uid: .max) }
        let credentials: LocalCredentials = try await provider.unsafeGetSocketOption(
            level: .init(rawValue: SOL_SOCKET),
            name: .init(rawValue: SO_PEERCRED)
        ).get()
        return LocalPeer(uid: credentials.uid)
    }
}
