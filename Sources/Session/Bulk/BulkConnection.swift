import NIOCore
import Protocol
import Synchronization

/// The second connection of a session: raw bytes in streams, each with its own credit.
actor BulkConnection {
    enum Piece: Sendable {
        case bytes(ByteBuffer)
        case end
    }

    /// A stream that comes in.
    private struct Incoming {
        let pieces: AsyncThrowingStream<Piece, any Error>.Continuation
        /// What the peer may still send.
        var credit = 0
    }

    /// Frames of one write: enough to make its cost small against the bytes.
    private static let bytesPerWrite = 512 << 10

    nonisolated let peerName: String
    nonisolated let limits: SessionLimits
    private nonisolated let side: Session.Side
    private nonisolated let outbound: NIOAsyncChannelOutboundWriter<Frame>
    private nonisolated let channel: any Channel
    private var outgoing: [StreamID: CreditGate] = [:]
    private var incoming: [StreamID: Incoming] = [:]
    private var watch = TransferWatch()
    private nonisolated let clock: any Clock<Duration>
    private var lastStream: UInt32
    private var failure: SessionError?
    /// Whether it carries nothing more, though its socket may still be closing.
    nonisolated let hasEnded = Atomic(false)

    init(of session: Session, frames outbound: NIOAsyncChannelOutboundWriter<Frame>, on channel: any Channel) {
        peerName = session.peerName
        limits = session.configuration.limits
        side = session.side
        clock = session.configuration.clock
        self.outbound = outbound
        self.channel = channel
        lastStream = session.side == .dialer ? UInt32.max : 0
    }

    // MARK: - Sending

    /// A new stream of ours; nothing may be sent before the peer grants credit on it.
    func openStream() throws -> StreamID {
        if let failure { throw failure }
        lastStream &+= 2
        let stream = StreamID(lastStream)
        outgoing[stream] = CreditGate()
        watch.moved(stream)
        return stream
    }

    /// Sends everything that `source` has, as the peer takes it, and the end.
    nonisolated func send<Source: AsyncSequence & Sendable>(
        _ source: Source,
        on stream: StreamID
    ) async throws where Source.Element == ByteBuffer {
        do {
            try await untilWanted(stream)
            for try await buffer in source { try await send(buffer, on: stream) }
        } catch {
            await finish(stream)
            await post(.bulkEnd(Problem(code: "bulk.aborted", message: "\(error)")), on: stream)
            throw error
        }
        await finish(stream)
        try await write([try Envelope.bulkEnd(nil).frame(on: stream)])
    }

    /// Waits for the first credit: before it the peer may not know the stream, and would ignore even its end.
    private nonisolated func untilWanted(_ stream: StreamID) async throws {
        guard let gate = await outgoing[stream] else { throw await lostOr("the stream has ended") }
        gate.grant(try await gate.take(least: Dialogue.minimumBulkCost, most: Dialogue.minimumBulkCost))
    }

    private nonisolated func send(_ buffer: ByteBuffer, on stream: StreamID) async throws {
        guard let gate = await outgoing[stream] else { throw await lostOr("the stream has ended") }
        var rest = buffer
        while rest.readableBytes > 0 {
            let wanted = Self.cost(of: min(rest.readableBytes, Self.bytesPerWrite))
            let granted = try await gate.take(least: Dialogue.minimumBulkCost, most: wanted)
            let count = Self.bytes(for: granted, of: rest.readableBytes)
            gate.grant(granted - Self.cost(of: count))
            try await write(Self.frames(&rest, count, stream))
            await moved(stream)
        }
    }

    private nonisolated func write(_ frames: [Frame]) async throws {
        do {
            try await outbound.write(contentsOf: frames)
        } catch {
            try Task.checkCancellation()
            throw await lostOr("the bulk connection broke while sending (\(error))")
        }
    }

    private static func frames(_ buffer: inout ByteBuffer, _ count: Int, _ stream: StreamID) -> [Frame] {
        var frames: [Frame] = []
        var left = count
        while left > 0, let slice = buffer.readSlice(length: min(left, Dialogue.maximumBulkPayload)) {
            left -= slice.readableBytes
            frames.append(Frame(kind: .bulk, stream: stream, payload: slice))
        }
        return frames
    }

    /// What `count` bytes cost when they are cut into the largest frames.
    static func cost(of count: Int) -> Int {
        let tail = count % Dialogue.maximumBulkPayload
        return count - tail + (tail == 0 ? 0 : max(tail, Dialogue.minimumBulkCost))
    }

    /// How many of `readable` bytes `credit` pays for; at least one, as credit is at least one frame's least cost.
    static func bytes(for credit: Int, of readable: Int) -> Int {
        let count = min(readable, credit)
        guard cost(of: count) > credit else { return count }
        return count - count % Dialogue.maximumBulkPayload
    }

    private func moved(_ stream: StreamID) {
        if outgoing[stream] != nil || incoming[stream] != nil { watch.moved(stream) }
    }

    private func finish(_ stream: StreamID) {
        outgoing[stream] = nil
        watch.ended(stream)
    }

    private func lostOr(_ reason: String) -> SessionError { failure ?? .lost(peerName, reason) }

    // MARK: - Receiving

    /// Begins to receive a stream of the peer; nothing comes before credit is granted.
    func receive(_ stream: StreamID) throws -> AsyncThrowingStream<Piece, any Error> {
        if let failure { throw failure }
        guard stream.isDialers == (side == .acceptor), incoming[stream] == nil else {
            throw Problem.refused("bulk stream \(stream) has an id that its sender may not use")
        }
        guard incoming.count < limits.bulkStreams else {
            throw Problem.refused("\(limits.bulkStreams) bulk streams of this session are being received")
        }
        let (pieces, continuation) = AsyncThrowingStream<Piece, any Error>.makeStream()
        incoming[stream] = Incoming(pieces: continuation)
        watch.moved(stream)
        return pieces
    }

    /// Lets the peer send so much more.
    func grant(_ amount: Int, on stream: StreamID) async throws {
        guard amount > 0, incoming[stream] != nil else { return }
        incoming[stream]?.credit += amount
        watch.moved(stream)
        try await write([try Envelope.credit(amount).frame(on: stream)])
    }

    /// Nobody wants the rest of a stream.
    func stopReceiving(_ stream: StreamID) {
        guard close(stream) != nil, failure == nil else { return }
        post(.cancel, on: stream)
    }

    /// Nothing more is taken from a stream.
    private func close(_ stream: StreamID) -> Incoming? {
        watch.ended(stream)
        return incoming.removeValue(forKey: stream)
    }

    private func post(_ envelope: Envelope, on stream: StreamID) {
        guard let frame = try? envelope.frame(on: stream) else { return }  // only long messages can't be framed
        channel.writeAndFlush(frame, promise: nil)
    }

    func receive(_ frame: Frame) throws {
        switch frame.kind {
        case .bulk: try receiveBytes(frame)
        case .control: try receiveControl(frame)
        }
    }

    /// Bytes of a stream that was stopped meanwhile are late, not wrong.
    private func receiveBytes(_ frame: Frame) throws {
        guard var stream = incoming[frame.stream] else { return }
        stream.credit -= max(frame.payload.readableBytes, Dialogue.minimumBulkCost)
        guard stream.credit >= 0 else {
            throw ProtocolError(.creditExceeded, "bulk stream \(frame.stream)", advice: "sent more than was granted")
        }
        incoming[frame.stream] = stream
        watch.moved(frame.stream)
        stream.pieces.yield(.bytes(frame.payload))
    }

    private func receiveControl(_ frame: Frame) throws {
        switch try Envelope(payload: frame.payload) {
        case .credit(let amount):
            moved(frame.stream)
            outgoing[frame.stream]?.grant(amount)
        case .cancel: outgoing[frame.stream]?.fail(CancellationError())
        case .bulkEnd(nil):
            guard let stream = close(frame.stream) else { return }
            stream.pieces.yield(.end)
            stream.pieces.finish()
        case .bulkEnd(let problem?):
            close(frame.stream)?.pieces.finish(throwing: SessionError.refused(peerName, problem))
        case .goodbye(let goodbye):
            throw SessionError(.closed, peer: peerName, advice: "\(goodbye.message) [\(goodbye.code)]")
        case .heartbeat: break
        case .hello, .bulkHello, .bulkWelcome, .request, .response, .event:
            throw ProtocolError(.unexpectedMessage, "message", advice: "has no place on a bulk connection")
        }
    }

    // MARK: - Life

    /// Closes the connection; its reader then ends it.
    nonisolated func hangUp() { channel.close(promise: nil) }

    /// Reads frames until the connection ends; then every stream fails.
    @concurrent
    static func run(_ connection: BulkConnection, _ frames: inout Session.Frames) async {
        await withDiscardingTaskGroup { group in
            group.addTask { await connection.endStalled() }
            var reason = "the bulk connection ended"
            do {
                while let frame = try await frames.next() { try await connection.receive(frame) }
            } catch {
                reason = "the bulk connection broke (\(error))"
                await connection.tell(error)
            }
            await connection.end(.lost(connection.peerName, reason))
            group.cancelAll()
        }
    }

    /// Says goodbye to a peer that broke the rules.
    private func tell(_ error: any Error) {
        guard let error = error as? ProtocolError else { return }
        post(.goodbye(Goodbye(code: error.code.rawValue, message: "\(error)")), on: .connection)
    }

    /// Ends transfers that stand still, until the connection ends: it has no heartbeats of its own.
    private func endStalled() async {
        // Only the end of the connection wakes the sleeper early.
        while (try? await clock.sleep(for: limits.bulkStall)) != nil {
            let still = watch.tick()
            guard !still.isEmpty, failure == nil else { continue }
            let error = SessionError.lost(peerName, "nothing of the transfer moved for \(limits.bulkStall)")
            guard !watch.isEverything(still) else {
                // Nothing moves at all: the next transfer gets another connection.
                end(error)
                hangUp()
                continue
            }
            for stream in still {
                outgoing[stream]?.fail(error)
                guard let incoming = close(stream) else { continue }
                incoming.pieces.finish(throwing: error)
                post(.cancel, on: stream)
            }
        }
    }

    func end(_ reason: SessionError) {
        guard failure == nil else { return }
        failure = reason
        hasEnded.store(true, ordering: .releasing)
        for gate in outgoing.values { gate.fail(reason) }
        for stream in incoming.values { stream.pieces.finish(throwing: reason) }
        outgoing = [:]
        incoming = [:]
    }
}
