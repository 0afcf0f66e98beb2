package import NIOCore

/// Speaks frames above it and bytes below it; only moves what `FrameDecoder` and `FrameEncoder` make.
///
/// After bytes that are no frame it reads nothing more, and writes still: its owner gets the error, tells the peer why, and
/// closes the channel.
package final class FrameHandler: ChannelDuplexHandler {
    package typealias InboundIn = ByteBuffer
    package typealias InboundOut = Frame
    package typealias OutboundIn = Frame
    package typealias OutboundOut = ByteBuffer

    /// A payload up to this size is copied behind its header; a larger one is passed on as it is.
    private static let largestCopy = 4 << 10

    private var decoder = FrameDecoder()
    private var hasFailed = false

    package init() {}

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !hasFailed else { return }
        var bytes = Self.unwrapInboundIn(data)
        do {
            while let frame = try decoder.next(from: &bytes) {
                context.fireChannelRead(Self.wrapInboundOut(frame))
            }
        } catch {
            hasFailed = true
            context.fireErrorCaught(error)
        }
    }

    package func channelInactive(context: ChannelHandlerContext) {
        if !hasFailed, !decoder.isAtBorder {
            let advice = "ends in the middle of a frame: the peer or the network gave up"
            hasFailed = true
            context.fireErrorCaught(ProtocolError(.frameTruncated, "connection", advice: advice))
        }
        context.fireChannelInactive()
    }

    package func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let frame = Self.unwrapOutboundIn(data)
        let isCopied = frame.payload.readableBytes <= Self.largestCopy
        let capacity = Frame.headerSize + (isCopied ? frame.payload.readableBytes : 0)
        var buffer = context.channel.allocator.buffer(capacity: capacity)
        do {
            guard isCopied else {
                try FrameEncoder.encodeHeader(of: frame, into: &buffer)
                context.write(Self.wrapOutboundOut(buffer), promise: nil)
                context.write(Self.wrapOutboundOut(frame.payload), promise: promise)
                return
            }
            try FrameEncoder.encode(frame, into: &buffer)
            context.write(Self.wrapOutboundOut(buffer), promise: promise)
        } catch {
            promise?.fail(error)
        }
    }
}
