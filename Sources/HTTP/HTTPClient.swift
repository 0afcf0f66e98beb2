package import NIOCore
import NIOHTTP1
import NIOPosix
package import TLS

/// Asks HTTP/1.1 servers: one connection per request, no redirects, no cookies, no proxy.
package struct HTTPClient: Sendable {
    private let group: any EventLoopGroup
    private let trust: WebTrust?

    /// Takes whom to believe; without it `https` is refused.
    package init(trust: WebTrust?) {
        self.init(trust: trust, group: MultiThreadedEventLoopGroup.singleton)
    }

    /// Takes the event loops to run on, too.
    package init(trust: WebTrust?, group: any EventLoopGroup) {
        self.trust = trust
        self.group = group
    }

    /// Asks for a resource.
    package func get(
        _ url: HTTPURL,
        headers: [HTTPHeader] = [],
        timeout: Duration = .seconds(10),
        maximumBody: Int = 1 << 20
    ) async throws(HTTPError) -> HTTPResponse {
        try await send(HTTPRequest(.get, url, headers: headers, timeout: timeout, maximumBody: maximumBody))
    }

    /// Sends a request and waits for its whole answer, at most `request.timeout`.
    ///
    /// The connection is closed afterwards in every case, cancellation included.
    ///
    /// - Throws: `HTTPError` when no whole answer came; a status of any kind is an answer.
    package func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let head = try request.head()
        let context = try tlsContext(request.url)
        let loop = group.next()
        let promise = loop.makePromise(of: HTTPResponse.self)
        let timer = loop.scheduleTask(in: .init(request.timeout)) { promise.fail(HTTPError.timedOut(request)) }
        promise.futureResult.whenComplete { _ in timer.cancel() }
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(.init(min(request.connectTimeout, request.timeout)))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let context { try pipeline.addHandler(try TLSHandler(context: context)) }
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(HTTPHandler(head: head, request: request, promise: promise))
                }
            }
        let connection = Self.connect(bootstrap, to: request.url)
        connection.whenFailure { promise.fail(HTTPError($0, request: request)) }
        connection.whenSuccess { channel in
            promise.futureResult.whenComplete { _ in channel.close(promise: nil) }
        }
        do {
            return try await withTaskCancellationHandler {
                try await promise.futureResult.get()
            } onCancel: {
                promise.fail(CancellationError())
            }
        } catch {
            throw HTTPError(error, request: request)
        }
    }

    private func tlsContext(_ url: HTTPURL) throws(HTTPError) -> TLSContext? {
        switch url.scheme {
        case .http, .unix: return nil
        case .https:
            guard let trust else {
                let advice = "https can't be used here: no certificate authorities are configured"
                throw HTTPError(.tlsUnavailable, "\(url)", advice)
            }
            return TLSContext.webClient(host: url.host, trust: trust)
        }
    }

    private static func connect(_ bootstrap: ClientBootstrap, to url: HTTPURL) -> EventLoopFuture<any Channel> {
        switch url.scheme {
        case .unix: return bootstrap.connect(unixDomainSocketPath: url.host)
        case .http, .https:
            // An address needs no resolver, and its failure then comes without one's wrapping.
            guard let address = try? SocketAddress(ipAddress: url.host, port: url.port) else {
                return bootstrap.connect(host: url.host, port: url.port)
            }
            return bootstrap.connect(to: address)
        }
    }
}
