import NIOCore
import NIOHTTP1
import TLS

/// Sends one request over its channel and keeps the promise of the answer: `HTTPExchange` decides what that is.
final class HTTPHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let head: HTTPRequestHead
    private let request: HTTPRequest
    private let promise: EventLoopPromise<HTTPResponse>
    private var exchange: HTTPExchange

    init(head: HTTPRequestHead, request: HTTPRequest, promise: EventLoopPromise<HTTPResponse>) {
        self.head = head
        self.request = request
        self.promise = promise
        exchange = HTTPExchange(url: "\(request.url)", maximumBody: request.maximumBody)
    }

    func channelActive(context: ChannelHandlerContext) {
        switch request.url.scheme {
        case .http, .unix: send(context)
        case .https: break  // nothing is sent before the server has shown who it is
        }
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.serverVerified) = event as? TLSEvent { send(context) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch Self.unwrapInboundIn(data) {
        case .head(let head):
            let headers = head.headers.map { HTTPHeader($0.name, $0.value) }
            let announced = request.method == .head ? nil : headers["content-length"].flatMap { Int($0) }
            perform(exchange.received(status: Int(head.status.code), headers: headers, announced: announced))
        case .body(let bytes): perform(exchange.received(body: bytes.readableBytesView))
        case .end: perform(exchange.ended())
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error as? HTTPParserError == .invalidEOFState {
            perform(exchange.closed())
        } else {
            perform(exchange.failed(HTTPError(error, request: request)))
        }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        perform(exchange.closed())
        context.fireChannelInactive()
    }

    private func send(_ context: ChannelHandlerContext) {
        context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
        if !request.body.isEmpty {
            let body = context.channel.allocator.buffer(bytes: request.body)
            context.write(Self.wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        }
        context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: nil)
    }

    private func perform(_ action: HTTPExchange.Action) {
        switch action {
        case .none: break
        case .succeed(let response): promise.succeed(response)
        case .fail(let error): promise.fail(error)
        }
    }
}
