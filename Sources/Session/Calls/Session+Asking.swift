package import Protocol

extension Session {
    /// Asks the peer and waits for its answer; cancelling the task cancels the request at the peer.
    ///
    /// Without a limit it waits as long as the session lives.
    /// - Throws: `SessionError`: `refused` with the peer's problem, `deadline`, `lost`, `closed`; `CancellationError`.
    package func request(_ request: Request, within limit: Duration? = nil) async throws -> Response {
        guard let limit else { return try await answer(to: request) }
        return try await withThrowingTaskGroup(of: Response?.self) { group in
            group.addTask { try await self.answer(to: request) }
            group.addTask {
                try await self.configuration.clock.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let response = first else {
                throw SessionError(.deadline, peer: peerName, advice: "gave no answer within \(limit)")
            }
            return response
        }
    }

    /// Asks the peer for an answer that comes in many events.
    ///
    /// The peer sends at most `window` events ahead of `each`. Returns when the peer has ended the answer.
    package nonisolated func events(
        _ request: Request,
        window: Int,
        _ each: @Sendable (StreamEvent) async throws -> Void
    ) async throws {
        let (stream, items) = try await open(request)
        do {
            try await grant(min(window, configuration.limits.eventWindow), on: stream)
            for try await item in items {
                guard case .event(let event) = item else { return await abandon(stream) }
                try await each(event)
                try await grant(1, on: stream)
            }
            throw CancellationError()
        } catch {
            await abandon(stream)
            throw error
        }
    }

    private func answer(to request: Request) async throws -> Response {
        let (stream, items) = try await open(request)
        defer { abandon(stream) }
        for try await item in items {
            if case .response(let response) = item { return response }
        }
        throw CancellationError()
    }

    private func open(_ request: Request) async throws -> (StreamID, AsyncThrowingStream<CallItem, any Error>) {
        if let endReason { throw endReason }
        let stream = nextStream()
        let (items, continuation) = AsyncThrowingStream<CallItem, any Error>.makeStream()
        calls[stream] = PendingCall(items: continuation)
        do {
            try await write(.request(.success(request)), on: stream)
        } catch {
            calls[stream] = nil
            throw error
        }
        return (stream, items)
    }

    private func grant(_ amount: Int, on stream: StreamID) async throws {
        guard calls[stream] != nil else { return }
        calls[stream]?.credit += amount
        try await write(.credit(amount), on: stream)
    }

    /// Forgets a call; the peer is told when it has not answered yet.
    private func abandon(_ stream: StreamID) {
        guard calls.removeValue(forKey: stream) != nil, endReason == nil else { return }
        post(.cancel, on: stream)
    }

    // MARK: - What the peer says

    /// An answer to a call that was abandoned meanwhile is late, not wrong.
    func answered(_ result: Result<Response, Problem>, on stream: StreamID) {
        guard let call = calls.removeValue(forKey: stream) else { return }
        switch result {
        case .success(let response):
            call.items.yield(.response(response))
            call.items.finish()
        case .failure(let problem):
            call.items.finish(throwing: SessionError.refused(peerName, problem))
        }
    }

    func happened(_ event: Result<StreamEvent, ProtocolError>, on stream: StreamID) throws {
        guard let call = calls[stream] else { return }
        guard call.credit > 0 else {
            throw ProtocolError(.creditExceeded, "event of \(stream)", advice: "came without credit")
        }
        calls[stream]?.credit -= 1
        switch event {
        case .success(let event):
            call.items.yield(.event(event))
        case .failure(let error):
            call.items.finish(throwing: SessionError.violation(peerName, error))
            abandon(stream)
        }
    }
}
