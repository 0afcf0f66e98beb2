import NIOCore
import NIOPosix
import TLS

/// Connects, completes the handshake and closes, again and again.
struct HandshakeBench {
    let credentials: Credentials

    /// Answers completed handshakes per second with `inFlight` of them at a time.
    func run(for time: Duration, inFlight: Int) async throws -> Double {
        let loopback = Loopback(credentials: credentials)
        let listener = try await loopback.listen { Idle() }
        let clock = ContinuousClock()
        let start = clock.now
        let end = start + time
        let count = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<inFlight {
                group.addTask {
                    var count = 0
                    while clock.now < end {
                        try await once(loopback, listener)
                        count += 1
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
        let rate = Double(count) / (start.duration(to: clock.now) / .seconds(1))
        try await listener.close()
        try await loopback.shutdown()
        return rate
    }

    private func once(_ loopback: Loopback, _ listener: any Channel) async throws {
        let closing = CloseAfterHandshake()
        let channel = try await loopback.connect(to: listener, closing)
        try await channel.closeFuture.get()
    }
}

/// Says goodbye as soon as the peer is known, and counts on nothing else.
private final class CloseAfterHandshake: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is TLSEvent { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        preconditionFailure("a handshake of the bench failed: \(error)")
    }
}

private final class Idle: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
}
