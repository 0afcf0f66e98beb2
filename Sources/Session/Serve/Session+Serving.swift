import Logging
import Protocol

extension Session {
    /// Begins to work on a request of the peer.
    func serve(_ request: Result<Request, ProtocolError>, on stream: StreamID) async throws {
        guard stream != .connection, stream.isDialers == (side == .acceptor), served[stream] == nil else {
            throw ProtocolError(
                .unexpectedMessage,
                "request \(stream)",
                advice: "has an id that its sender may not use"
            )
        }
        if let left = requestsLeft {
            guard left > 0 else {
                let advice = "is one more than the \(SessionLimits.requestsOfGuest) that a guest may make"
                throw ProtocolError(.unexpectedMessage, "request \(stream)", advice: advice)
            }
            requestsLeft = left - 1
        }
        // Written by the reader itself: a peer that does not read its refusals is not read either.
        guard served.count < configuration.limits.requests else {
            return try await write(.response(.failure(.busy(configuration.limits.requests))), on: stream)
        }
        switch request {
        case .failure(let error):
            try await write(.response(.failure(.unreadable(error))), on: stream)
        case .success(let request):
            if let refusal = configuration.authorize(peer, request) {
                tell(of: refusal)
                return try await write(.response(.failure(refusal)), on: stream)
            }
            begin(request, on: stream)
        }
    }

    /// Logs a refusal; a peer that goes on asking fills no log.
    private func tell(of refusal: Problem) {
        refusals += 1
        guard refusals <= SessionLimits.loggedRefusals else { return }
        var metadata: Logger.Metadata = ["peer": "\(peer)", "reason": "\(refusal)"]
        if refusals == SessionLimits.loggedRefusals { metadata["more"] = "not logged for this session" }
        configuration.logger.notice("request refused", metadata: metadata)
    }

    private func begin(_ request: Request, on stream: StreamID) {
        let (cancelled, cancellation) = AsyncStream<Void>.makeStream()
        let gate = CreditGate()
        served[stream] = ServedCall(gate: gate, cancellation: cancellation)
        var bulkStream: StreamID?
        if case .pushArtifact(_, let stream) = request { bulkStream = stream }
        let call = Call(peer: peer, stream: stream, session: self, gate: gate, bulkStream: bulkStream)
        jobQueue.yield { await self.perform(request, call, cancelled) }
    }

    private func perform(_ request: Request, _ call: Call, _ cancelled: AsyncStream<Void>) async {
        let result = await Self.withCancellation(cancelled) { await self.answer(request, call) }
        if let bulkStream = call.bulkStream { await stopReceiving(bulkStream) }
        // Counts until its answer is written: a peer that asks and does not read is told that we are busy, and is then not
        // read either.
        defer { served[call.stream] = nil }
        do {
            try await write(.response(result), on: call.stream)
        } catch let error as ProtocolError {
            post(.response(.failure(.failed(error))), on: call.stream)
        } catch {
            // The connection is gone: the peer asks again, or knows from its own error that it has no answer.
            configuration.logger.debug("answer not sent", metadata: ["peer": "\(peer)", "reason": "\(error)"])
        }
    }

    private nonisolated func answer(_ request: Request, _ call: Call) async -> Result<Response, Problem> {
        do {
            return .success(try await respond(to: request, call))
        } catch let problem as Problem {
            return .failure(problem)
        } catch is CancellationError {
            return .failure(.cancelled)
        } catch {
            return .failure(.failed(error))
        }
    }

    private nonisolated func respond(to request: Request, _ call: Call) async throws -> Response {
        switch request {
        case .openBulk:
            return .bulkTicket(try await issueTicket())
        case .dialBulk(let token):
            try await dialBulk(token)
            return .bulkDialed
        case .command, .status, .reports, .facts, .history, .figures, .logs, .findArtifact, .pushArtifact, .unhold,
            .checkpoints,
            .ledgerWord, .desk, .membership, .requestCertificate, .installCertificate, .trust,
            .publishTrust, .receipts, .join:
            return try await handler.handle(request, call)
        }
    }

    /// Runs `work` and cancels it when `cancelled` ends; its result counts in any case.
    private nonisolated static func withCancellation(
        _ cancelled: AsyncStream<Void>,
        _ work: @escaping @Sendable () async -> Result<Response, Problem>
    ) async -> Result<Response, Problem> {
        await withTaskGroup(of: Result<Response, Problem>?.self) { group in
            group.addTask { await work() }
            group.addTask {
                for await _ in cancelled {}
                return nil
            }
            for await result in group {
                group.cancelAll()
                if let result { return result }
            }
            return .failure(.cancelled)
        }
    }
}
