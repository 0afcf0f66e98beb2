package import NIOCore
package import Protocol
import Synchronization

extension Session {
    /// Offers an artifact and sends its bytes; answers whether the peer had it before.
    ///
    /// `source` has the bytes in the offer's encoding, in buffers of any size; 256 KiB are good.
    package func sendArtifact<Source: AsyncSequence & Sendable>(
        _ offer: ArtifactOffer,
        from source: Source
    ) async throws -> ArtifactState where Source.Element == ByteBuffer {
        sending += 1
        defer {
            sending -= 1
            letGoOfBulk()
        }
        let connection = try await bulkConnection()
        let stream = try await connection.openStream()
        let result: Result<ArtifactState, any Error> = await withTaskGroup(of: PushEvent.self) { group in
            group.addTask { .answered(await self.push(offer, on: stream)) }
            group.addTask {
                do {
                    try await connection.send(source, on: stream)
                    return .sent
                } catch {
                    return .broken(error)
                }
            }
            var failures = PushFailures()
            for await event in group {
                switch event {
                case .answered(.success(let state)):
                    group.cancelAll()
                    return .success(state)
                case .sent: continue
                case .answered(.failure(let error)): failures.answer = error
                case .broken(let error):
                    // The peer wants no more bytes, and its answer says why.
                    if error is CancellationError { continue }
                    failures.source = error
                }
                group.cancelAll()
            }
            return .failure(failures.cause)
        }
        return try result.get()
    }

    private func push(_ offer: ArtifactOffer, on stream: StreamID) async -> Result<ArtifactState, any Error> {
        do {
            guard case .artifact(let state) = try await request(.pushArtifact(offer, on: stream)) else {
                return .failure(SessionError.unexpected(peerName, "an artifact"))
            }
            return .success(state)
        } catch {
            return .failure(error)
        }
    }

    /// Closes the bulk connection when nothing is under way: a coordinator would keep one to each of a thousand hosts.
    ///
    /// Only whoever has sent calls it, since the other side can't know whether more is to come.
    private func letGoOfBulk() {
        guard sending == 0, receiving.isEmpty, case .open(let connection) = bulk else { return }
        bulk = .none
        connection.hangUp()
    }

    /// The bulk connection of this session, opened when there is none.
    func bulkConnection() async throws -> BulkConnection {
        try await withCheckedThrowingContinuation { continuation in
            if let endReason { return continuation.resume(throwing: endReason) }
            forgetEndedBulk()
            switch bulk {
            case .open(let connection):
                continuation.resume(returning: connection)
            case .opening(let waiting):
                bulk = .opening(waiting + [continuation])
            case .none:
                bulk = .opening([continuation])
                jobQueue.yield { await self.openBulk() }
            }
        }
    }

    private func openBulk() async {
        let limit = configuration.limits.openBulk
        do {
            switch bulkAccess {
            case .dials(let dial):
                guard case .bulkTicket(let token) = try await request(.openBulk, within: limit) else {
                    throw SessionError.unexpected(peerName, "open bulk")
                }
                try await dial(token, self)
            case .accepts(let tickets):
                let token = try await tickets.issue(for: self)
                _ = try await request(.dialBulk(token), within: limit)
                // The peer has answered, so ours is attached, unless the peer took one that has ended for it.
                failBulk(SessionError.lost(peerName, "it holds a bulk connection that has ended"))
            }
        } catch {
            failBulk(error)
        }
    }

    /// The bulk connection is up.
    func attach(_ connection: BulkConnection) {
        guard endReason == nil else { return connection.hangUp() }
        if case .opening(let waiting) = bulk {
            for continuation in waiting { continuation.resume(returning: connection) }
        }
        bulk = .open(connection)
    }

    /// The bulk connection has ended; the next transfer opens another.
    func detach(_ connection: BulkConnection) {
        if case .open(let current) = bulk, current === connection { bulk = .none }
    }

    /// A connection that has ended serves nobody while its socket is still closing.
    private func forgetEndedBulk() {
        if case .open(let connection) = bulk, connection.hasEnded.load(ordering: .acquiring) { bulk = .none }
    }

    /// Nobody who waits for the bulk connection will get one.
    func failBulk(_ error: any Error) {
        guard case .opening(let waiting) = bulk else { return }
        bulk = .none
        for continuation in waiting { continuation.resume(throwing: error) }
    }

    /// The session has ended, and its bulk connection with it.
    func endBulk(_ error: any Error) {
        failBulk(error)
        if case .open(let connection) = bulk { connection.hangUp() }
    }

    // MARK: - What the peer asks

    nonisolated func issueTicket() async throws -> BulkToken {
        guard case .accepts(let tickets) = bulkAccess else {
            throw Problem.refused("who has dialled opens the bulk connection")
        }
        return try await tickets.issue(for: self)
    }

    /// Dials for the peer, unless we are about to dial, or have dialled, for ourselves.
    func dialBulk(_ token: BulkToken) async throws {
        guard case .dials(let dial) = bulkAccess else {
            throw Problem.refused("who has dialled opens the bulk connection")
        }
        forgetEndedBulk()
        if case .none = bulk {
            bulk = .opening([])
            jobQueue.yield {
                do {
                    try await dial(token, self)
                } catch {
                    await self.failBulk(error)
                }
            }
        }
        _ = try await bulkConnection()
    }

    func receiver(on stream: StreamID) async throws -> BulkReceiver {
        let connection = try await bulkConnection()
        receiving.insert(stream)
        return BulkReceiver(stream: stream, connection: connection, pieces: try await connection.receive(stream))
    }

    func stopReceiving(_ stream: StreamID) async {
        receiving.remove(stream)
        guard case .open(let connection) = bulk else { return }
        await connection.stopReceiving(stream)
    }
}
