package import Protocol

/// Why a session could not begin, has ended, or could not answer.
package struct SessionError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// The connection broke, or the peer was silent for too long; whether a request was performed is unknown.
        case lost = "session.lost"
        /// One side said goodbye.
        case closed = "session.closed"
        /// The peer answered with a problem.
        case refused = "session.refused"
        case deadline = "session.deadline"
        case helloTimeout = "session.hello_timeout"
        case unreachable = "session.unreachable"
        case wrongPeer = "session.wrong_peer"
        case versionUnsupported = "session.version_unsupported"
        case protocolViolation = "session.protocol_violation"
        case unexpectedAnswer = "session.unexpected_answer"
        /// The listener has no place for one more connection.
        case full = "session.full"
        case bulkUnavailable = "session.bulk_unavailable"
    }

    package let code: Code
    /// The peer, as far as it is known: its identity, or its address.
    package let peer: String
    /// What was found and what to do about it, shown to the operator as it stands.
    package let advice: String
    /// What the peer said; only with `refused`.
    package let problem: Problem?

    package init(_ code: Code, peer: String, advice: String, problem: Problem? = nil) {
        self.code = code
        self.peer = peer
        self.advice = advice
        self.problem = problem
    }

    package var description: String { "\(peer): \(advice) [\(code.rawValue)]" }

    static func refused(_ peer: String, _ problem: Problem) -> Self {
        Self(.refused, peer: peer, advice: "\(problem)", problem: problem)
    }

    static func violation(_ peer: String, _ error: ProtocolError) -> Self {
        let code: Code = error.code == .versionUnsupported ? .versionUnsupported : .protocolViolation
        return Self(code, peer: peer, advice: "\(error)")
    }

    static func unexpected(_ peer: String, _ request: String) -> Self {
        let advice = "answered \(request) with something else; are both sides of a released version?"
        return Self(.unexpectedAnswer, peer: peer, advice: advice)
    }

    static func full(_ peer: String) -> Self {
        Self(.full, peer: peer, advice: "all connections that are allowed here are taken; try again later")
    }

    static func lost(_ peer: String, _ reason: String) -> Self {
        Self(.lost, peer: peer, advice: "\(reason); requests without an answer may or may not have been performed")
    }
}
