package import Model

/// A join token as its coordinator knows it: what it is for, and what became of it, never the token itself.
package struct IssuedToken: Hashable, Codable, Sendable {
    package enum State: String, Codable, Sendable {
        /// May be used.
        case open
        case used
        case expired
        case revoked
    }

    /// SHA-256 of the token's public key.
    package let id: Digest
    package let host: HostID
    package let madeBy: String
    package let madeAt: WallTime
    package let until: WallTime
    /// SHA-256 of the public key that it was spent on.
    package var key: Digest?
    package var usedAt: WallTime?
    package var revokedAt: WallTime?
    /// How often a certificate was given out for it.
    package var answers = 0
    /// How often somebody who holds the token was refused.
    package var refusals = 0

    /// More answers than a host that is cut off again and again needs; each is a certificate.
    static let mostAnswers = 10
    /// Refusals that are recorded; a thief with a spent token can't fill the ledger.
    static let mostRecordedRefusals = 10

    package init(id: Digest, host: HostID, madeBy: String, madeAt: WallTime, until: WallTime) {
        self.id = id
        self.host = host
        self.madeBy = madeBy
        self.madeAt = madeAt
        self.until = until
    }

    package func state(at now: WallTime) -> State {
        if revokedAt != nil { return .revoked }
        if key != nil { return .used }
        return now < until ? .open : .expired
    }

    /// Whether anybody could still get a certificate for it, with the key that it was spent on if with no other.
    package func isAlive(at now: WallTime) -> Bool { revokedAt == nil && now < until }

    /// Why it makes nobody a member who asks as `host` with this key; nil when it does.
    ///
    /// A token is spent on a key, which its host makes once and keeps until it is a member. So an answer that was lost, or a
    /// crash of either side, costs nothing: the same key gets its certificate again. Whoever has copied the token has another.
    func refusal(for host: HostID, key asked: Digest, at now: WallTime) -> JoinRefusal? {
        if let revokedAt { return .revoked(revokedAt) }
        if host != self.host { return .otherHost(asked: host) }
        if let key, key != asked { return .used(usedAt ?? madeAt) }
        guard now < until else { return .expired(until, now: now) }
        return answers < Self.mostAnswers ? nil : .exhausted(answers)
    }
}
