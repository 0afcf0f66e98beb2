internal import NIOCore

/// Asks one question, and takes everything until the end of the connection for its answer.
final class HAProxyHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let command: String
    private let promise: EventLoopPromise<ByteBuffer>
    private var answer = ByteBuffer()

    /// Bytes of an answer; a backend of ten thousand servers has less.
    private static let limit = 8 << 20

    init(command: String, promise: EventLoopPromise<ByteBuffer>) {
        self.command = command
        self.promise = promise
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(string: command + "\n")), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = Self.unwrapInboundIn(data)
        answer.writeBuffer(&bytes)
        guard answer.readableBytes > Self.limit else { return }
        promise.fail(ChannelError.inputClosed)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { promise.succeed(answer) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
        context.close(promise: nil)
    }
}
