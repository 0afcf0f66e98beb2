import NIOCore

/// The steps that several events share; each leaves the session in its next state and answers what to do about it.
extension TLSSession {
    mutating func handshake() -> [Action] {
        switch connection.handshake() {
        case .needsInput: sending([]) + [.flush]
        case .failed(let error): fail(error)
        case .done: completeHandshake()
        }
    }

    /// OpenSSL is content; what it can't demand is checked here.
    private mutating func completeHandshake() -> [Action] {
        let event: TLSEvent
        do throws(TLSError) {
            event = try verified()
        } catch {
            connection.sayGoodbye()
            return fail(error)
        }
        state = .open
        var actions = sending([]) + [.handshakeEnded, .announce(event)]
        if flushWanted { actions += encryptPending() }
        actions.append(.flush)
        guard case .open = state else { return actions }
        return actions + readAll()
    }

    private func verified() throws(TLSError) -> TLSEvent {
        let selected = connection.selectedProtocol
        switch connection.context.policy {
        case .webServer(let host):
            return .serverVerified(host: host, applicationProtocol: selected)
        case .member(let fleet, _, _) where connection.isGuest:
            return .handshakeCompleted(try .guest(of: fleet))
        case .member:
            guard let certificate = connection.offered else {
                throw TLSError(
                    .noCertificate,
                    "peer",
                    advice: "showed no certificate; give it one with 'fleet ca issue'"
                )
            }
            let peer = try certificate.identity()
            // A client that offers no ALPN at all gets past OpenSSL's callback.
            guard selected == connection.context.applicationProtocol else {
                throw TLSError(
                    .applicationProtocol,
                    "\(peer)",
                    advice:
                        "agreed on '\(selected ?? "nothing")' instead of \(TLSContext.fleetProtocol); is this another service?"
                )
            }
            return .handshakeCompleted(peer)
        }
    }

    /// Decrypts all that is there; OpenSSL keeps at most one incomplete record.
    mutating func readAll() -> [Action] {
        var actions: [Action] = []
        var buffer = newBuffer()
        while true {
            switch connection.read(into: &buffer) {
            case .read:
                guard buffer.writableBytes == 0 else { continue }
                actions += delivering(buffer)
                buffer = newBuffer()
            case .needsInput:
                actions += delivering(buffer)
                // A key update demands an answer.
                return connection.transport.hasOutput ? actions + sending([]) + [.flush] : actions
            case .ended:
                return actions + delivering(buffer) + peerSaidGoodbye()
            case .failed(let error):
                return actions + delivering(buffer) + fail(error)
            }
        }
    }

    /// Drops what the peer still says after we have left, up to its own goodbye.
    ///
    /// Both may leave in the same moment: then each one's goodbye is the answer to the other's, and none but it comes.
    mutating func lookForGoodbye(_ closing: Closing) -> [Action] {
        var closing = closing
        var buffer = newBuffer()
        reading: while !closing.peerDone {
            buffer.clear()
            switch connection.read(into: &buffer) {
            case .read: continue
            case .ended: closing.peerDone = true
            // A connection that has failed can't tell; the peer has its time to read why.
            case .needsInput, .failed: break reading
            }
        }
        BufferPool.current.keep(buffer)
        state = .closing(closing)
        return closing.peerDone && closing.sent ? [.closeChannel] : []
    }

    /// Large enough for what is there; a small message must not pin a large buffer while somebody keeps it.
    private func newBuffer() -> ByteBuffer {
        let expected = connection.pendingCount + connection.transport.inputCount
        guard expected < BufferPool.bufferSize / 4 else { return BufferPool.current.take() }
        return ByteBufferAllocator().buffer(capacity: max(expected, 64))
    }

    private func delivering(_ buffer: ByteBuffer) -> [Action] {
        BufferPool.current.keep(buffer)
        return buffer.readableBytes > 0 ? [.deliver(buffer)] : []
    }

    private mutating func peerSaidGoodbye() -> [Action] {
        switch (state, goodbye) {
        case (.open, .closesInput):
            state = .inputClosed
            return [.inputClosed]
        case (.open, .closesBoth):
            return depart(peerDone: true)
        case (.outputClosed, _):
            return depart(peerDone: true)
        case (.idle, _), (.handshaking, _), (.inputClosed, _), (.closing, _), (.closed, _):
            return []
        }
    }

    mutating func encryptPending() -> [Action] {
        guard !pending.isEmpty else { return [] }
        let (error, promises) = pending.encrypt(with: connection)
        guard let error else { return sending(promises) }
        return [.refuse(promises, error)] + fail(error)
    }

    /// What OpenSSL wrote; `promises` are kept when the last of it is written.
    func sending(_ promises: [EventLoopPromise<Void>]) -> [Action] {
        var buffers = connection.transport.takeOutput()
        if buffers.isEmpty, !promises.isEmpty { buffers = [ByteBuffer()] }
        for promise in promises.dropFirst() { promises[0].futureResult.cascade(to: promise) }
        return buffers.enumerated().map { index, buffer in
            .send(buffer, index == buffers.count - 1 ? promises.first : nil)
        }
    }

    /// Says goodbye unless that is done, and waits for the end.
    mutating func depart(peerDone: Bool) -> [Action] {
        switch state {
        case .open, .inputClosed: connection.sayGoodbye()
        case .idle, .handshaking, .outputClosed, .closing, .closed: break
        }
        state = .closing(Closing(peerDone: peerDone))
        return [
            .refuse(pending.drop(), ChannelError.ioOnClosedChannel),
            .awaitPeer(goodbye: connection.transport.takeOutput()),
        ]
    }

    /// OpenSSL has put its alert into the transport; the peer gets its time to read it, because a socket that is closed
    /// with unread bytes is reset, and the alert lost.
    mutating func fail(_ error: TLSError) -> [Action] {
        state = .closing(Closing(peerDone: connection.peerAlerted))
        return [
            .handshakeEnded,
            .refuse(pending.drop(), error),
            // First: what waits for the peer may find that it is gone, and close.
            .fail(error),
            .awaitPeer(goodbye: connection.transport.takeOutput()),
        ]
    }

    /// Nothing more can be sent or received.
    mutating func abandon(_ error: any Error) -> [Action] {
        state = .closed
        return [.handshakeEnded, .refuse(pending.drop(), error)]
    }
}
