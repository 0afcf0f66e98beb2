package import Model
package import Protocol
import Synchronization

extension Session {
    /// Sends a command and answers the host's reply; the same id may be sent again after a lost connection.
    package func command(_ command: HostCommand, within limit: Duration? = nil) async throws -> HostReply {
        guard case .reply(let reply) = try await request(.command(command), within: limit) else {
            throw SessionError.unexpected(peerName, "a command")
        }
        return reply
    }

    package func status(within limit: Duration? = nil) async throws -> HostReport {
        guard case .status(let report) = try await request(.status, within: limit) else {
            throw SessionError.unexpected(peerName, "status")
        }
        return report
    }

    package func facts(within limit: Duration? = nil) async throws -> HostFacts {
        guard case .facts(let facts) = try await request(.facts, within: limit) else {
            throw SessionError.unexpected(peerName, "facts")
        }
        return facts
    }

    /// Which trust root the host follows; nil for none.
    package func trust(within limit: Duration? = nil) async throws -> TrustState? {
        guard case .trust(let state) = try await request(.trust, within: limit) else {
            throw SessionError.unexpected(peerName, "trust")
        }
        return state
    }

    /// Brings the host its next trust root, as the signed bytes; answers what it follows then.
    package func publishTrust(_ root: [UInt8], within limit: Duration? = nil) async throws -> TrustState {
        guard case .trust(let state?) = try await request(.publishTrust(root), within: limit) else {
            throw SessionError.unexpected(peerName, "publish trust")
        }
        return state
    }

    /// Receipts of the host that follow those that are known; empty when there are none.
    package func receipts(after known: ReceiptHead, within limit: Duration? = nil) async throws -> ReceiptBatch {
        guard case .receipts(let batch) = try await request(.receipts(after: known), within: limit) else {
            throw SessionError.unexpected(peerName, "receipts")
        }
        return batch
    }

    /// Changes that have ended, newest first.
    package func history(_ query: HistoryQuery, within limit: Duration? = nil) async throws -> [HistoryEntry] {
        guard case .history(let entries) = try await request(.history(query), within: limit) else {
            throw SessionError.unexpected(peerName, "history")
        }
        return entries
    }

    /// What the unit of a service uses now; an agent that does not know the question answers `request.unreadable`.
    package func figures(of service: ServiceName, within limit: Duration? = nil) async throws -> UnitFigures {
        guard case .figures(let figures) = try await request(.figures(service), within: limit) else {
            throw SessionError.unexpected(peerName, "figures")
        }
        return figures
    }

    package func findArtifact(_ digest: Digest, within limit: Duration? = nil) async throws -> ArtifactState {
        guard case .artifact(let state) = try await request(.findArtifact(digest), within: limit) else {
            throw SessionError.unexpected(peerName, "find artifact")
        }
        return state
    }

    /// The newest signed checkpoint that the host has seen of each ledger.
    package func checkpoints(within limit: Duration? = nil) async throws -> [[UInt8]] {
        guard case .checkpoints(let notes) = try await request(.checkpoints, within: limit) else {
            throw SessionError.unexpected(peerName, "checkpoints")
        }
        return notes
    }

    /// Brings an approver's word about a ledger to the host, which verifies it by itself.
    package func bring(_ word: LedgerWord, within limit: Duration? = nil) async throws {
        guard case .ended = try await request(.ledgerWord(word), within: limit) else {
            throw SessionError.unexpected(peerName, "ledger word")
        }
    }

    /// Hands over a revocation list, if there is one, and answers how the host stands then.
    package func membership(revocations: [UInt8] = [], within limit: Duration? = nil) async throws -> Membership {
        guard case .membership(let membership) = try await request(.membership(revocations: revocations), within: limit)
        else { throw SessionError.unexpected(peerName, "membership") }
        return membership
    }

    /// Has a new key made on the host, and answers the request for its certificate.
    package func certificateRequest(within limit: Duration? = nil) async throws -> [UInt8] {
        guard case .certificateRequest(let pem) = try await request(.requestCertificate, within: limit) else {
            throw SessionError.unexpected(peerName, "a request for a certificate")
        }
        return pem
    }

    /// Hands over the certificate for the key of the latest request.
    package func installCertificate(_ chain: [UInt8], within limit: Duration? = nil) async throws -> Membership {
        guard case .membership(let membership) = try await request(.installCertificate(chain: chain), within: limit)
        else { throw SessionError.unexpected(peerName, "a certificate") }
        return membership
    }

    /// Asks, as a guest, to be made a member.
    package func join(_ join: JoinRequest, within limit: Duration? = nil) async throws -> JoinGrant {
        guard case .joined(let grant) = try await request(.join(join), within: limit) else {
            throw SessionError.unexpected(peerName, "a request to join")
        }
        return grant
    }

    /// Calls `each` with the host's report now and after each change, until the caller is cancelled.
    ///
    /// A reader that is slow gets the latest report and skips those before it. `rollout` is the one that the caller runs.
    package nonisolated func reports(
        running rollout: RolloutID? = nil,
        _ each: @Sendable (NumberedReport) async throws -> Void
    ) async throws {
        try await events(.reports(runs: rollout), window: 1) { [peerName] event in
            guard case .report(let report) = event else { throw SessionError.unexpected(peerName, "reports") }
            try await each(report)
        }
    }

    /// Asks a coordinator's desk, and calls `each` with the JSON of each answer.
    package nonisolated func desk(
        _ question: [UInt8],
        _ each: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        let pending = Mutex<[UInt8]>([])
        try await events(.desk(question), window: 8) { [peerName] event in
            guard case .desk(let part, let more) = event else { throw SessionError.unexpected(peerName, "its desk") }
            let whole = pending.withLock { bytes -> [UInt8]? in
                bytes += part
                guard !more else { return nil }
                defer { bytes = [] }
                return bytes
            }
            if let whole { try await each(whole) }
        }
    }

    /// Calls `each` with journal lines, oldest first, until they end.
    package nonisolated func logs(_ query: LogQuery, _ each: @Sendable ([LogLine]) async throws -> Void) async throws {
        try await events(.logs(query), window: 8) { [peerName] event in
            guard case .logs(let lines) = event else { throw SessionError.unexpected(peerName, "logs") }
            try await each(lines)
        }
    }
}
