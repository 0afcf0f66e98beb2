internal import FoundationEssentials
internal import Glibc
internal import Logging
internal import Model
internal import NIOCore
internal import NIOPosix
internal import Session

/// Answers people on the host over a Unix socket: one JSON line in, one JSON line out.
///
/// Everyone may look; only root and the agent's own user may change anything, or ask for work that costs. Who asks is what
/// the kernel says (unix(7), `SO_PEERCRED`), never what the request says.
struct LocalServer: Sendable {
    let path: String
    let group: any EventLoopGroup
    let logger: Logger
    let handler: @Sendable (LocalCall, _ user: String) async -> LocalReply
    /// Time for the peer to send its request, and again to take the answer.
    var patience = TimeAmount.seconds(10)
    /// Asks the kernel who is at the other end.
    var identify: @Sendable (any Channel) async throws -> LocalPeer = LocalPeer.init(of:)

    /// Longest request in bytes.
    private static let longestRequest = 1 << 20

    /// Connections of people who may only look; one more is closed at once, and root is never kept out.
    private let visitors = ConnectionCount(limit: 32)

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
        let channel = connection.channel
        do {
            try await connection.executeThenClose { inbound, outbound in
                let peer = try await identify(channel)
                guard peer.mayChange || visitors.enter() else { return }
                defer { if !peer.mayChange { visitors.leave() } }
                guard let request = try await patiently(channel, { try await Self.line(inbound) }) else { return }
                let reply = ByteBuffer(
                    bytes: try JSONEncoder().encode(await answer(request, peer)) + [UInt8(ascii: "\n")]
                )
                try await patiently(channel) { try await outbound.write(reply) }
            }
        } catch {
            logger.debug("local connection ended", metadata: ["error": "\(error)"])
        }
    }

    /// Runs `work`, and closes the connection under it when the peer takes too long.
    private func patiently<Value>(_ channel: any Channel, _ work: () async throws -> Value) async throws -> Value {
        let end = channel.eventLoop.scheduleTask(in: patience) { channel.close(promise: nil) }
        defer { end.cancel() }
        return try await work()
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
        guard peer.mayChange || call.isForEveryone else {
            return .failed(Failure(.orderRefused, "user \(peer.name) may look, but only root may do this; use sudo"))
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
}
