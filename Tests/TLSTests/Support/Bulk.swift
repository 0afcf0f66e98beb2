import NIOCore
import Synchronization

@testable import TLS

/// Sends a pattern as fast as the channel takes it, and checks the one it receives.
final class Bulk: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    struct Outcome: Hashable, Sendable {
        var received = 0
        var damaged = false
    }

    enum Reading: Sendable {
        case always
        /// Not before `goOn()`.
        case later
    }

    private struct State {
        var unsent: Int
        var outcome = Outcome()
        var channel: (any Channel)?
        var goesOn = false
        var reportedUnwritable = false
    }

    private static let chunk = 256 * 1024
    private static let pattern = ByteBuffer(bytes: (0..<chunk).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) })

    private let state: Mutex<State>
    private let sending: Int
    private let expecting: Int
    private let reading: Reading
    private let outcomes = AsyncStream<Outcome>.makeStream()
    private let stops = AsyncStream<Int>.makeStream()

    init(sending: Int, expecting: Int, reading: Reading = .always) {
        state = Mutex(State(unsent: sending))
        self.sending = sending
        self.expecting = expecting
        self.reading = reading
    }

    func outcome() async -> Outcome? { await outcomes.stream.first { _ in true } }

    /// Waits until the channel refuses more, and answers how much it took.
    func unwritable() async -> Int { await stops.stream.first { _ in true } ?? -1 }

    /// Begins to read.
    func goOn() {
        let channel = state.withLock {
            $0.goesOn = true
            return $0.channel
        }
        _ = channel?.setOption(.autoRead, value: true)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is TLSEvent else { return }
        if case .later = reading {
            let channel = context.channel
            let goesOn = state.withLock {
                $0.channel = channel
                return $0.goesOn
            }
            if !goesOn { _ = channel.setOption(.autoRead, value: false) }
        }
        send(context)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            send(context)
        } else {
            let accepted = state.withLock { sending - $0.unsent }
            stops.continuation.yield(accepted)
        }
    }

    private func send(_ context: ChannelHandlerContext) {
        while context.channel.isWritable {
            let chunk = state.withLock {
                let count = min($0.unsent, Self.chunk)
                $0.unsent -= count
                return count
            }
            guard chunk > 0, let bytes = Self.pattern.getSlice(at: 0, length: chunk) else { return }
            context.writeAndFlush(Self.wrapOutboundOut(bytes), promise: nil)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = Self.unwrapInboundIn(data)
        let outcome = state.withLock { state in
            while bytes.readableBytes > 0 {
                let offset = state.outcome.received % Self.chunk
                let count = min(bytes.readableBytes, Self.chunk - offset)
                if bytes.readSlice(length: count) != Self.pattern.getSlice(at: offset, length: count) {
                    state.outcome.damaged = true
                }
                state.outcome.received += count
            }
            return state.outcome
        }
        if outcome.received >= expecting { outcomes.continuation.yield(outcome) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        outcomes.continuation.yield(state.withLock { $0.outcome })
        outcomes.continuation.finish()
        stops.continuation.finish()
    }
}
