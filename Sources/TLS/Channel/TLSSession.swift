import NIOCore

/// Every decision about one TLS connection; the handler performs the actions and holds no rule of its own.
///
/// One method per event of the channel. The state has moved on before the actions are performed, so whatever they
/// trigger sees the new one.
struct TLSSession {
    enum Action {
        case send(ByteBuffer, EventLoopPromise<Void>?)
        /// All sent so far goes to the socket.
        case flush
        case deliver(ByteBuffer)
        case announce(TLSEvent)
        case inputClosed
        case fail(TLSError)
        /// Nothing more to send but the goodbye: report when `goodbye` is on its way, and give the peer its time.
        case awaitPeer(goodbye: [ByteBuffer])
        case closeChannel
        case refuse([EventLoopPromise<Void>], any Error)
        case handshakeEnded
    }

    enum State {
        /// The channel is not connected.
        case idle
        case handshaking
        /// Both directions work.
        case open
        /// The peer said goodbye, we may still write.
        case inputClosed
        /// We said goodbye, and still deliver what arrives.
        case outputClosed
        /// We said goodbye or failed; what arrives is thrown away until both are done.
        case closing(Closing)
        case closed
    }

    struct Closing {
        /// Our last bytes are written to the socket.
        var sent = false
        /// The peer said goodbye or is gone.
        var peerDone: Bool
    }

    /// Written plaintext is encrypted without waiting for a flush from here on, so that the channel counts it.
    static let encryptFrom = 256 * 1024
    /// What may be written before the handshake is complete, when the channel can't yet count it.
    static let earlyLimit = 1024 * 1024

    let connection: TLSConnection
    let goodbye: PeerGoodbye
    var state = State.idle
    var pending = PendingWrites()
    /// Somebody flushed before the handshake was complete.
    var flushWanted = false

    init(context: TLSContext, goodbye: PeerGoodbye) throws(TLSError) {
        connection = try TLSConnection(context: context)
        self.goodbye = goodbye
    }

    /// Whether reading goes on without being asked: for the handshake, and for the peer's goodbye.
    var readsByItself: Bool {
        switch state {
        case .handshaking, .closing: true
        case .idle, .open, .inputClosed, .outputClosed, .closed: false
        }
    }

    // MARK: - Events

    /// The channel is connected.
    mutating func start() -> [Action] {
        guard case .idle = state else { return [] }
        state = .handshaking
        return handshake()
    }

    /// Ciphertext arrived.
    mutating func received(_ ciphertext: ByteBuffer) -> [Action] {
        let connection = connection
        return ciphertext.withUnsafeReadableBytes { bytes in
            connection.transport.withInput(bytes) {
                switch state {
                case .handshaking: handshake()
                case .open, .outputClosed: readAll()
                case .closing(let closing): lookForGoodbye(closing)
                case .idle, .inputClosed, .closed: []
                }
            }
        }
    }

    mutating func write(_ plaintext: ByteBuffer, promise: EventLoopPromise<Void>?) -> [Action] {
        switch state {
        case .idle, .handshaking:
            guard pending.byteCount + plaintext.readableBytes <= Self.earlyLimit else {
                let advice = "more than \(Self.earlyLimit) bytes were written before the handshake was complete"
                return [.refuse(promise.map { [$0] } ?? [], TLSError(.backlog, "connection", advice: advice))]
            }
            pending.append(plaintext, promise: promise)
            return []
        case .open, .inputClosed:
            pending.append(plaintext, promise: promise)
            return pending.byteCount >= Self.encryptFrom ? encryptPending() : []
        case .outputClosed, .closing:
            return [.refuse(promise.map { [$0] } ?? [], ChannelError.outputClosed)]
        case .closed:
            return [.refuse(promise.map { [$0] } ?? [], ChannelError.ioOnClosedChannel)]
        }
    }

    mutating func flush() -> [Action] {
        switch state {
        case .idle, .handshaking:
            flushWanted = true
            return []
        case .open, .inputClosed:
            return encryptPending() + [.flush]
        case .outputClosed, .closing, .closed:
            return []
        }
    }

    /// We have no more to say, and go on reading.
    mutating func closeOutput(promise: EventLoopPromise<Void>?) -> [Action] {
        switch state {
        case .idle, .handshaking:
            return [.refuse(promise.map { [$0] } ?? [], ChannelError.operationUnsupported)]
        case .open:
            let actions = encryptPending()
            guard case .open = state else {
                return actions + [.refuse(promise.map { [$0] } ?? [], ChannelError.outputClosed)]
            }
            state = .outputClosed
            connection.sayGoodbye()
            return actions + sending(promise.map { [$0] } ?? []) + [.flush]
        case .inputClosed:
            pending.append(ByteBuffer(), promise: promise)
            let actions = encryptPending()
            guard case .inputClosed = state else { return actions }
            return actions + depart(peerDone: true)
        case .outputClosed, .closing, .closed:
            return [.refuse(promise.map { [$0] } ?? [], ChannelError.outputClosed)]
        }
    }

    /// We are done with this connection.
    mutating func close() -> [Action] {
        switch state {
        case .idle, .handshaking: abandon(ChannelError.ioOnClosedChannel) + [.closeChannel]
        case .open, .outputClosed: depart(peerDone: false)
        case .inputClosed: depart(peerDone: true)
        case .closing, .closed: []
        }
    }

    /// All of our last bytes are on their way.
    mutating func goodbyeSent() -> [Action] {
        guard case .closing(var closing) = state else { return [] }
        closing.sent = true
        state = .closing(closing)
        return closing.peerDone ? [.closeChannel] : []
    }

    /// The peer had its time to say goodbye.
    mutating func closeTimedOut() -> [Action] {
        guard case .closing = state else { return [] }
        return [.closeChannel]
    }

    mutating func handshakeTimedOut(after limit: TimeAmount) -> [Action] {
        guard case .handshaking = state else { return [] }
        let error = TLSError(
            .handshakeTimeout,
            "peer",
            advice:
                "did not complete the TLS handshake within \(limit.nanoseconds / 1_000_000) ms; is it overloaded, or no fleet?"
        )
        return abandon(error) + [.fail(error), .closeChannel]
    }

    /// The socket delivers no more bytes; without a goodbye before, somebody cut the connection.
    mutating func inputEnded() -> [Action] {
        switch state {
        case .idle, .inputClosed, .closed:
            return []
        case .handshaking:
            let advice = "closed the connection in the middle of the handshake; its log says why"
            let error = TLSError(.handshakeFailed, "peer", advice: advice)
            return abandon(error) + [.fail(error), .closeChannel]
        case .open, .outputClosed:
            let advice = "the connection was cut without a TLS goodbye; what was received may be incomplete"
            let error = TLSError(.truncated, "peer", advice: advice)
            return abandon(error) + [.fail(error), .closeChannel]
        case .closing(var closing):
            closing.peerDone = true
            state = .closing(closing)
            return closing.sent ? [.closeChannel] : []
        }
    }

    /// The channel is gone.
    mutating func ended() -> [Action] {
        let actions = inputEnded().filter { if case .closeChannel = $0 { false } else { true } }
        return actions + abandon(ChannelError.ioOnClosedChannel)
    }
}
