import NIOCore

@testable import TLS

/// What happened on one connection, as a stream that a test awaits.
final class Conversation: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    enum Happening: Sendable {
        case peer(PeerIdentity)
        case verified(host: String)
        case text(String)
        case failed(TLSError.Code)
        case ended
    }

    let happenings: AsyncStream<Happening>
    private let continuation: AsyncStream<Happening>.Continuation
    private let answer: @Sendable (String) -> String?

    /// - Parameter answer: what is sent back for a text; the connection is closed behind it.
    init(answer: @escaping @Sendable (String) -> String? = { _ in nil }) {
        (happenings, continuation) = AsyncStream.makeStream()
        self.answer = answer
    }

    /// Waits for the end and answers everything.
    func all() async -> [Happening] {
        var all: [Happening] = []
        for await happening in happenings { all.append(happening) }
        return all
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let text = String(buffer: Self.unwrapInboundIn(data))
        continuation.yield(.text(text))
        guard let answer = answer(text) else { return }
        context.writeAndFlush(NIOAny(ByteBuffer(string: answer)), promise: nil)
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event as? TLSEvent {
        case .handshakeCompleted(let peer): continuation.yield(.peer(peer))
        case .serverVerified(let host, _): continuation.yield(.verified(host: host))
        case nil: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? TLSError { continuation.yield(.failed(error.code)) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        continuation.yield(.ended)
        continuation.finish()
    }
}

extension [Conversation.Happening] {
    var codes: [TLSError.Code] { compactMap { if case .failed(let code) = $0 { code } else { nil } } }
    var peers: [String] { compactMap { if case .peer(let peer) = $0 { peer.uri } else { nil } } }
    var text: String { compactMap { if case .text(let text) = $0 { text } else { nil } }.joined() }
}
