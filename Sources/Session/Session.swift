import NIOCore
package import Protocol
package import TLS

/// The dialogue with one peer over one control connection; the same on both sides.
///
/// Either side asks, whoever dialled. A session lives inside `SessionDialer.withSession` or `SessionListener.run`, which
/// read its frames, send its heartbeats and run its requests as children of their caller's task.
package actor Session {
    enum Side {
        case dialer
        case acceptor
    }

    /// A request of ours that has no answer yet.
    struct PendingCall {
        let items: AsyncThrowingStream<CallItem, any Error>.Continuation
        /// Events that the peer may still send.
        var credit = 0
    }

    enum CallItem: Sendable {
        case event(StreamEvent)
        case response(Response)
    }

    /// A request of the peer that is being worked on.
    struct ServedCall {
        let gate: CreditGate
        /// Ends when the peer cancels.
        let cancellation: AsyncStream<Void>.Continuation
    }

    typealias Job = @Sendable () async -> Void

    package nonisolated let peer: PeerIdentity
    /// How the peer introduced itself.
    package nonisolated let peerHello: Hello
    /// The protocol version that both speak.
    package nonisolated let version: UInt32

    nonisolated let side: Side
    nonisolated let configuration: SessionConfiguration
    nonisolated let handler: any SessionHandler
    nonisolated let bulkAccess: BulkAccess
    nonisolated let jobs: AsyncStream<Job>
    nonisolated let jobQueue: AsyncStream<Job>.Continuation
    private nonisolated let channel: any Channel
    private nonisolated let outbound: NIOAsyncChannelOutboundWriter<Frame>

    var calls: [StreamID: PendingCall] = [:]
    var served: [StreamID: ServedCall] = [:]
    var bulk: BulkState = .none
    /// Artifacts that are being sent.
    var sending = 0
    /// Bulk streams that are being received.
    var receiving: Set<StreamID> = []
    private(set) var endReason: SessionError?
    /// Sequence of the peer's latest report, as its heartbeats tell; 0 before the first.
    package internal(set) var peerReportSequence: Int64 = 0
    private var heartbeats = Heartbeats()
    /// Requests of the peer that its role does not allow.
    var refusals = 0
    /// Requests that the peer may still make; nil: as many as it likes.
    var requestsLeft: Int?
    private var lastStream: UInt32

    init(_ introduction: Introduction, frames outbound: NIOAsyncChannelOutboundWriter<Frame>, on channel: any Channel) {
        peer = introduction.peer
        peerHello = introduction.peerHello
        version = introduction.version
        side = introduction.side
        configuration = introduction.setup.configuration
        handler = introduction.setup.handler
        bulkAccess = introduction.setup.bulk
        self.channel = channel
        self.outbound = outbound
        (jobs, jobQueue) = AsyncStream<Job>.makeStream()
        requestsLeft = introduction.peer.role == .guest ? SessionLimits.requestsOfGuest : nil
        lastStream = introduction.side == .dialer ? UInt32.max : 0  // the first ids are 1 and 2
    }

    /// The peer, as errors and logs name it.
    nonisolated var peerName: String { "\(peer)" }

    nonisolated var peerAddress: String? { channel.remoteAddress?.ipAddress }

    /// What both ends of this connection know and nobody else does; a proof that names it counts nowhere else.
    ///
    /// - Throws: `SessionError` on a connection without TLS.
    package nonisolated func channelBinding() async throws -> [UInt8] {
        let binding = try? await channel.eventLoop.submit { [channel] in
            try channel.pipeline.syncOperations.handler(type: TLSHandler.self).channelBinding
        }.get()
        // Whatever is in the way, such as a connection that has just ended, there is nothing to prove a thing by.
        guard let binding else {
            throw SessionError(
                .lost,
                peer: peerName,
                advice: "the connection has no TLS that could be named in a proof"
            )
        }
        return binding
    }

    /// The next id of ours: odd for the dialer, even for the acceptor.
    func nextStream() -> StreamID {
        lastStream &+= 2
        if lastStream == 0 { lastStream = 2 }
        return StreamID(lastStream)
    }

    // MARK: - Sending

    /// Sends a control message, and waits while the peer reads too slowly.
    func write(_ envelope: Envelope, on stream: StreamID = .connection) async throws {
        if let endReason { throw endReason }
        let frame = try envelope.frame(on: stream)
        heartbeats.spoke()
        do {
            try await outbound.write(frame)
        } catch {
            try Task.checkCancellation()
            throw endReason ?? .lost(peerName, "the connection broke while sending (\(error))")
        }
    }

    /// Sends a small control message without waiting; for messages whose number is bounded by something else.
    func post(_ envelope: Envelope, on stream: StreamID = .connection) {
        guard let frame = try? envelope.frame(on: stream) else { return }  // only long messages can't be framed
        heartbeats.spoke()
        channel.writeAndFlush(frame, promise: nil)
    }

    // MARK: - Life

    /// Sends a heartbeat at each interval without other words, until the peer is lost.
    func beat() async throws {
        while true {
            try await configuration.clock.sleep(for: configuration.heartbeat)
            switch heartbeats.tick(channel.isWritable ? .open : .full) {
            case .nothing: continue
            case .send: post(.heartbeat(reportSequence: configuration.reportSequence()))
            case .lost: throw lose("the peer was silent for", Heartbeats.allowedSilence)
            case .deaf: throw lose("the peer has not read what was sent for", Heartbeats.allowedDeafness)
            }
        }
    }

    /// Ends the session before the reason is thrown: what is thrown cancels everyone else, and the first reason stays.
    private func lose(_ finding: String, _ intervals: Int) -> SessionError {
        let error = SessionError.lost(
            peerName,
            "\(finding) \(intervals) heartbeat intervals of \(configuration.heartbeat)"
        )
        end(error, goodbye: nil)
        return error
    }

    /// Something came from the peer.
    func heard() { heartbeats.heard() }

    /// Ends the session for `reason`: whoever waits for the peer gets it.
    ///
    /// The first reason stays.
    func end(_ reason: SessionError, goodbye: Goodbye?) {
        guard endReason == nil else { return }
        if let goodbye { post(.goodbye(goodbye)) }
        endReason = reason
        for call in calls.values { call.items.finish(throwing: reason) }
        calls = [:]
        for call in served.values { call.gate.fail(reason) }
        endBulk(reason)
        jobQueue.finish()
        // Ends the reader too: it is no child of the session's group, so nobody else can.
        channel.close(promise: nil)
    }

    /// Waits until the session has ended, or the caller is cancelled.
    package nonisolated func untilEnded() async {
        // The children of a session are cancelled at its end, so sleeping is enough.
        let (never, continuation) = AsyncStream<Void>.makeStream()
        for await _ in never {}
        continuation.finish()
    }
}
