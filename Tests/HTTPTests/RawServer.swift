import NIOCore
import NIOPosix

/// A loopback server that collects what it receives and answers with fixed bytes once a whole head has come.
final class RawServer: Sendable {
    /// What happens after the answer was sent.
    enum Ending: Sendable {
        case close
        case keepOpen
    }

    let channel: any Channel
    /// The first request's bytes up to its end, kept once it was answered.
    let request: EventLoopFuture<String>

    static func start(
        _ answer: String,
        then ending: Ending = .close,
        at address: SocketAddress? = nil
    ) async throws -> RawServer {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = loop.makePromise(of: String.self)
        let bootstrap = ServerBootstrap(group: loop)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = Handler(answer: answer, ending: ending, promise: promise)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
        let address = try address ?? SocketAddress(ipAddress: "127.0.0.1", port: 0)
        return RawServer(try await bootstrap.bind(to: address).get(), promise)
    }

    private let promise: EventLoopPromise<String>

    private init(_ channel: any Channel, _ promise: EventLoopPromise<String>) {
        self.channel = channel
        self.promise = promise
        request = promise.futureResult
    }

    var port: Int { channel.localAddress?.port ?? 0 }
    var url: String { "http://127.0.0.1:\(port)" }

    func stop() async throws {
        promise.fail(ChannelError.eof)
        try await channel.close()
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let answer: String
        private let ending: Ending
        private let promise: EventLoopPromise<String>
        private var received = ""

        init(answer: String, ending: Ending, promise: EventLoopPromise<String>) {
            self.answer = answer
            self.ending = ending
            self.promise = promise
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received += String(buffer: Self.unwrapInboundIn(data))
            guard received.contains("\r\n\r\n") else { return }
            promise.succeed(received)
            let sent = context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(string: answer)))
            let channel = context.channel
            switch ending {
            case .close: sent.whenComplete { _ in channel.close(promise: nil) }
            case .keepOpen: break
            }
        }
    }
}
