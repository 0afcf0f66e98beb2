import Glibc
import NIOCore
import NIOPosix
import Synchronization
import TLS

/// Moves bytes over one connection as fast as both ends can.
struct BulkBench {
    struct Result {
        /// MB (10^6 bytes) per second.
        let rate: Double
        /// CPU seconds per GiB.
        let sender: Double
        let receiver: Double
    }

    let credentials: Credentials

    func run(bytes: Int) async throws -> Result {
        let loopback = Loopback(credentials: credentials)
        _ = try await transfer(bytes: bytes / 8, loopback)  // warms caches and pools
        let result = try await transfer(bytes: bytes, loopback)
        try await loopback.shutdown()
        return result
    }

    private func transfer(bytes: Int, _ loopback: Loopback) async throws -> Result {
        let (done, continuation) = AsyncStream<Void>.makeStream()
        let listener = try await loopback.listen { Receiver(expecting: bytes) { continuation.finish() } }
        let before = try await cpu(loopback)
        let clock = ContinuousClock()
        let start = clock.now
        let channel = try await loopback.connect(to: listener, Sender(bytes: bytes))
        for await _ in done {}
        let elapsed = start.duration(to: clock.now) / .seconds(1)
        let after = try await cpu(loopback)
        try await channel.close()
        try await listener.close()
        let gib = Double(bytes) / Double(1 << 30)
        return Result(
            rate: Double(bytes) / 1e6 / elapsed,
            sender: (after.client - before.client) / gib,
            receiver: (after.server - before.server) / gib
        )
    }

    private func cpu(_ loopback: Loopback) async throws -> (client: Double, server: Double) {
        let measure: @Sendable () -> Double = {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        return (
            try await loopback.clientGroup.next().submit(measure).get(),
            try await loopback.serverGroup.next().submit(measure).get()
        )
    }
}

/// Writes 256 KiB whenever the channel takes it.
private final class Sender: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static let chunk = ByteBuffer(repeating: 0x5a, count: 256 * 1024)
    private let unsent: Mutex<Int>

    init(bytes: Int) { unsent = Mutex(bytes) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is TLSEvent { send(context) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) { send(context) }

    private func send(_ context: ChannelHandlerContext) {
        while context.channel.isWritable {
            let more = unsent.withLock {
                $0 -= Self.chunk.readableBytes
                return $0 >= 0
            }
            guard more else { return }
            context.writeAndFlush(Self.wrapOutboundOut(Self.chunk), promise: nil)
        }
    }
}

/// Counts what arrives.
private final class Receiver: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let missing: Mutex<Int>
    private let done: @Sendable () -> Void

    init(expecting bytes: Int, done: @escaping @Sendable () -> Void) {
        missing = Mutex(bytes)
        self.done = done
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let count = Self.unwrapInboundIn(data).readableBytes
        let complete = missing.withLock {
            $0 -= count
            return $0 <= 0
        }
        if complete { done() }
    }
}
