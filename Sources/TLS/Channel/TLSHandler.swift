package import NIOCore

/// Encrypts one channel with OpenSSL: `TLSSession` decides, this class only moves bytes.
///
/// Put it first into the pipeline. It fires `TLSEvent` when the peer is known, and a `TLSError` before it closes a
/// channel that can't be trusted. Write after the event; before it the channel can't count what waits.
package final class TLSHandler: ChannelDuplexHandler {
    package typealias InboundIn = ByteBuffer
    package typealias InboundOut = ByteBuffer
    package typealias OutboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    /// For `ChannelOptions.recvAllocator`: grows to 256 KiB under load, where system calls would dominate.
    ///
    /// Each channel keeps its last buffer, so it begins with what a control message needs: a thousand hosts have two each.
    package static let receiveAllocator = AdaptiveRecvByteBufferAllocator(
        minimum: 2048,
        initial: 2048,
        maximum: BufferPool.bufferSize
    )

    private var session: TLSSession
    private let timeouts: TLSTimeouts
    /// Told of this connection while it lives.
    private let endpoint: TLSEndpoint?
    private var timer: Scheduled<Void>?
    private var closePromise: EventLoopPromise<Void>?
    /// Somebody above waits for bytes that have not arrived yet.
    private var readWanted = false

    package init(
        context: TLSContext,
        goodbye: PeerGoodbye = .closesBoth,
        timeouts: TLSTimeouts = TLSTimeouts()
    ) throws(TLSError) {
        session = try TLSSession(context: context, goodbye: goodbye)
        self.timeouts = timeouts
        endpoint = nil
    }

    /// Makes the connection as `endpoint` says now, and ends it when that revokes the peer.
    package init(endpoint: TLSEndpoint) throws(TLSError) {
        session = try TLSSession(context: endpoint.context, goodbye: .closesBoth)
        timeouts = TLSTimeouts()
        self.endpoint = endpoint
    }

    /// Serials of the peer's whole chain, once the handshake is complete.
    var peerSerials: [String] { session.connection.peerSerials }

    /// What both ends of this connection know and nobody else does, once the handshake is complete; called on its loop.
    package var channelBinding: [UInt8]? { session.connection.channelBinding }

    // MARK: - Channel events

    package func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { start(context) }
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        endpoint?.left(context.channel)
        perform(session.ended(), context)
        finish()
    }

    package func channelActive(context: ChannelHandlerContext) {
        start(context)
        context.fireChannelActive()
    }

    package func channelInactive(context: ChannelHandlerContext) {
        endpoint?.left(context.channel)
        perform(session.ended(), context)
        finish()
        context.fireChannelInactive()
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        perform(session.received(Self.unwrapInboundIn(data)), context)
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        if readWanted || session.readsByItself { context.read() }
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent {
            perform(session.inputEnded(), context)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    package func read(context: ChannelHandlerContext) {
        readWanted = true
        context.read()
    }

    package func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        perform(session.write(Self.unwrapOutboundIn(data), promise: promise), context)
    }

    package func flush(context: ChannelHandlerContext) {
        perform(session.flush(), context)
    }

    package func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        switch mode {
        case .output:
            perform(session.closeOutput(promise: promise), context)
        case .input:
            promise?.fail(ChannelError.operationUnsupported)
        case .all:
            if let closePromise { closePromise.futureResult.cascade(to: promise) } else { closePromise = promise }
            perform(session.close(), context)
        }
    }

    // MARK: - Performing

    private func start(_ context: ChannelHandlerContext) {
        let limit = timeouts.handshake
        schedule(limit, context) { $0.session.handshakeTimedOut(after: limit) }
        perform(session.start(), context)
        context.read()
    }

    /// The session has already moved on, so handlers that call back in see its new state.
    private func perform(_ actions: [TLSSession.Action], _ context: ChannelHandlerContext) {
        for action in actions {
            switch action {
            case .send(let bytes, let promise): context.write(Self.wrapOutboundOut(bytes), promise: promise)
            case .flush: context.flush()
            case .deliver(let bytes):
                readWanted = false
                context.fireChannelRead(Self.wrapInboundOut(bytes))
            case .announce(let event):
                context.fireUserInboundEventTriggered(event)
                endpoint?.entered(context.channel, serials: peerSerials)
            case .inputClosed: context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
            case .fail(let error): context.fireErrorCaught(error)
            case .refuse(let promises, let error): for promise in promises { promise.fail(error) }
            case .handshakeEnded: timer?.cancel()
            case .awaitPeer(let goodbye): awaitPeer(goodbye, context)
            case .closeChannel: closeChannel(context)
            }
        }
    }

    private func awaitPeer(_ goodbye: [ByteBuffer], _ context: ChannelHandlerContext) {
        schedule(timeouts.close, context) { $0.session.closeTimedOut() }
        for bytes in goodbye { context.write(Self.wrapOutboundOut(bytes), promise: nil) }
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        // Behind everything that was written before, so its promise is kept when all of that is on its way.
        context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer())).whenComplete { _ in
            let (handler, context) = bound.value
            handler.perform(handler.session.goodbyeSent(), context)
        }
        context.read()
    }

    private func closeChannel(_ context: ChannelHandlerContext) {
        let promise = closePromise
        closePromise = nil
        context.close(mode: .all, promise: promise)
    }

    /// Replaces the timer: a connection waits either for its handshake or for its end.
    private func schedule(
        _ delay: TimeAmount,
        _ context: ChannelHandlerContext,
        _ event: @escaping (TLSHandler) -> [TLSSession.Action]
    ) {
        timer?.cancel()
        let bound = NIOLoopBound((handler: self, context: context, event: event), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: delay) {
            let (handler, context, event) = bound.value
            handler.perform(event(handler), context)
        }
    }

    private func finish() {
        timer?.cancel()
        timer = nil
        closePromise?.succeed(())
        closePromise = nil
    }
}
