import NIOCore

@testable import TLS

/// The end of a pipeline under test: keeps all that arrives.
final class Recorder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private(set) var bytes = ByteBuffer()
    private(set) var events: [TLSEvent] = []
    private(set) var errors: [any Error] = []
    private(set) var inputClosed = false
    private(set) var inactive = false

    var text: String { String(buffer: bytes) }
    var codes: [TLSError.Code] { errors.compactMap { ($0 as? TLSError)?.code } }

    var peer: PeerIdentity? {
        for case .handshakeCompleted(let peer) in events { return peer }
        return nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = Self.unwrapInboundIn(data)
        bytes.writeBuffer(&buffer)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? TLSEvent { events.append(event) }
        if case .some(.inputClosed) = event as? ChannelEvent { inputClosed = true }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { errors.append(error) }

    func channelInactive(context: ChannelHandlerContext) { inactive = true }
}
