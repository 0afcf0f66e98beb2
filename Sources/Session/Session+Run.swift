import NIOCore
import Protocol

extension Session {
    typealias Frames = NIOAsyncChannelInboundStream<Frame>.AsyncIterator

    /// Thrown to end the children of a session whose body has returned.
    private struct BodyReturned: Error {}

    /// Runs the session until `body` returns or the connection ends, and answers what `body` returned.
    @concurrent
    static func run<Value: Sendable>(
        _ session: Session,
        _ frames: inout Frames,
        _ body: @escaping @Sendable (Session) async throws -> Value
    ) async throws -> Value {
        let (results, box) = AsyncStream<Result<Value, any Error>>.makeStream(bufferingPolicy: .bufferingNewest(1))
        do {
            try await withThrowingDiscardingTaskGroup { group in
                group.addTask { try await session.beat() }
                group.addTask { await session.work() }
                group.addTask {
                    box.yield(await result(of: body, session))
                    throw BodyReturned()
                }
                try await read(&frames, session)
            }
        } catch {
            await session.end(because: error)
        }
        box.finish()
        return try await outcome(results, session)
    }

    /// Reads frames until there are no more, which is always an error: it says why.
    @concurrent
    private static func read(_ frames: inout Frames, _ session: Session) async throws {
        do {
            while let frame = try await frames.next() { try await session.receive(frame) }
        } catch {
            await session.end(because: error)
            throw error
        }
        try Task.checkCancellation()
        let error = SessionError.lost(session.peerName, "the connection ended without a goodbye")
        await session.end(because: error)
        throw error
    }

    private static func result<Value>(
        of body: @Sendable (Session) async throws -> Value,
        _ session: Session
    ) async -> Result<Value, any Error> {
        do {
            let value = try await body(session)
            await session.end(
                SessionError(.closed, peer: session.peerName, advice: "we have closed it"),
                goodbye: .closing
            )
            return .success(value)
        } catch {
            await session.end(
                SessionError(.closed, peer: session.peerName, advice: "we have closed it"),
                goodbye: .closing
            )
            return .failure(error)
        }
    }

    /// What `body` returned or threw; if it was merely cancelled because the session ended, the reason of that.
    private static func outcome<Value>(
        _ results: AsyncStream<Result<Value, any Error>>,
        _ session: Session
    ) async throws -> Value {
        var last: Result<Value, any Error>?
        for await result in results { last = result }
        switch last {
        case .success(let value): return value
        case .failure(let error as CancellationError): throw await session.endReason ?? error
        case .failure(let error): throw error
        case nil: throw await session.endReason ?? CancellationError()
        }
    }

    /// Turns whatever ended the connection into the session's reason, and tells the peer when it is its fault.
    private func end(because error: any Error) {
        switch error {
        case let error as SessionError:
            end(error, goodbye: error.code == .closed ? nil : Goodbye(code: error.code.rawValue, message: error.advice))
        case let error as ProtocolError:
            end(.violation(peerName, error), goodbye: Goodbye(code: error.code.rawValue, message: "\(error)"))
        case is CancellationError, is BodyReturned:
            end(SessionError(.closed, peer: peerName, advice: "we have closed it"), goodbye: .closing)
        case _:
            end(.lost(peerName, "the connection broke (\(error))"), goodbye: nil)
        }
    }

    /// Runs the jobs of the session, each in its own child task.
    private nonisolated func work() async {
        await withDiscardingTaskGroup { group in
            for await job in jobs { group.addTask { await job() } }
        }
    }

    /// Acts on one frame of the peer.
    private func receive(_ frame: Frame) async throws {
        heard()
        guard frame.kind == .control else {
            throw ProtocolError(
                .unexpectedMessage,
                "\(frame.kind) frame",
                advice: "has no place on a control connection"
            )
        }
        switch try Envelope(payload: frame.payload) {
        case .heartbeat(let sequence): peerReportSequence = max(peerReportSequence, sequence)
        case .goodbye(let goodbye):
            let advice = "the peer said goodbye: \(goodbye.message) [\(goodbye.code)]"
            throw SessionError(.closed, peer: peerName, advice: advice)
        case .request(let request): try await serve(request, on: frame.stream)
        case .response(let response): answered(response, on: frame.stream)
        case .event(let event): try happened(event, on: frame.stream)
        case .cancel: served[frame.stream]?.cancellation.finish()
        case .credit(let amount): served[frame.stream]?.gate.grant(amount)
        case .hello, .bulkHello, .bulkWelcome, .bulkEnd:
            throw ProtocolError(
                .unexpectedMessage,
                "message",
                advice: "has no place on an established control connection"
            )
        }
    }
}
