package import Protocol
package import TLS

/// One request of a peer while it is being answered.
package struct Call: Sendable {
    package let peer: PeerIdentity
    let stream: StreamID
    let session: Session
    let gate: CreditGate
    let bulkStream: StreamID?

    /// Where the peer has connected from, for people: an IP address, or nothing where there is none.
    package var peerAddress: String? { session.peerAddress }

    /// See `Session.channelBinding`.
    package func channelBinding() async throws -> [UInt8] { try await session.channelBinding() }

    /// Sends one element of the answer, once the peer has asked for it.
    package func send(_ event: StreamEvent) async throws {
        _ = try await gate.take(least: 1, most: 1)
        try await session.write(.event(.success(event)), on: stream)
    }

    /// The bytes of an artifact that is being pushed, to be iterated once.
    ///
    /// Nothing is sent before the iteration begins, and never more than the window ahead of it.
    /// - Throws: a `Problem` for every request but `pushArtifact`.
    package func artifactBytes() async throws -> BulkReceiver {
        guard let bulkStream else {
            throw Problem.refused("this request brings no bytes")
        }
        return try await session.receiver(on: bulkStream)
    }
}
