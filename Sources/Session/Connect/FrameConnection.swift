import NIOCore
import Protocol
import TLS

/// A channel that speaks frames, and the promise of its peer's identity.
struct FrameConnection: Sendable {
    /// Frames that may wait for their reader; more stop the reading of the socket.
    private static let waitingFrames = NIOAsyncSequenceProducerBackPressureStrategies.HighLowWatermark(
        lowWatermark: 4,
        highWatermark: 16
    )
    /// Bytes that may wait for the socket before writers wait; a few TLS records would make each bulk frame wait.
    static let writeBuffer = ChannelOptions.Types.WriteBufferWaterMark(low: 256 << 10, high: 1 << 20)

    let channel: NIOAsyncChannel<Frame, Frame>
    let peer: EventLoopFuture<PeerIdentity>

    /// Builds the pipeline of `channel`, on its event loop.
    static func make(_ channel: any Channel, _ transport: SessionTransport) throws -> Self {
        let peer: EventLoopFuture<PeerIdentity>
        switch transport {
        case .tls(let context): peer = try addTLS(TLSHandler(context: context), to: channel)
        case .endpoint(let endpoint): peer = try addTLS(TLSHandler(endpoint: endpoint), to: channel)
        case .plain(let identity):
            peer = channel.eventLoop.makeSucceededFuture(identity)
        }
        try channel.pipeline.syncOperations.addHandler(FrameHandler())
        let configuration = NIOAsyncChannel<Frame, Frame>.Configuration(backPressureStrategy: waitingFrames)
        let wrapped = try NIOAsyncChannel<Frame, Frame>(
            wrappingChannelSynchronously: channel,
            configuration: configuration
        )
        return Self(channel: wrapped, peer: peer)
    }

    private static func addTLS(
        _ handler: TLSHandler,
        to channel: any Channel
    ) throws -> EventLoopFuture<PeerIdentity> {
        let promise = channel.eventLoop.makePromise(of: PeerIdentity.self)
        try channel.pipeline.syncOperations.addHandlers([handler, PeerHandler(promise: promise)])
        return promise.futureResult
    }

    /// Closes without a word.
    func close() async {
        // Nothing was promised to the peer, so there is nobody to tell about a failure.
        try? await channel.executeThenClose { _, _ in }
    }
}
