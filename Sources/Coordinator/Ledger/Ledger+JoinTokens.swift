internal import FoundationEssentials
package import Model
internal import Storage

extension Ledger {
    /// Keeps a new token, in place of every other of its host that could still be used.
    package func add(_ token: IssuedToken, by author: Author) throws {
        try database.transaction {
            let others = try joinTokens().filter { $0.host == token.host && $0.isAlive(at: token.madeAt) }
            try revokeInTransaction(others, by: author, at: token.madeAt, because: "another was made")
            try store(token)
            try LedgerTree(database: database).append([record(.tokenMade, token, by: author, at: token.madeAt)])
        }
    }

    /// The newest first.
    package func joinTokens() throws -> [IssuedToken] {
        try database.query("SELECT token FROM join_tokens ORDER BY made_at DESC, id") { row in
            try JSONDecoder().decode(IssuedToken.self, from: Data(try row.blob(0)))
        }
    }

    package func revoke(_ tokens: [IssuedToken], by author: Author, at now: WallTime) throws {
        try database.transaction { try revokeInTransaction(tokens, by: author, at: now, because: nil) }
    }

    /// Revokes every token, or every one of `hosts`, by which somebody could still get a certificate.
    ///
    /// One that was spent is among them: whoever has it and the key that it was spent on would be answered again.
    package func revokeJoinTokens(
        of hosts: [HostID]? = nil,
        by author: Author,
        at now: WallTime,
        because reason: String
    ) throws {
        try database.transaction {
            let alive = try joinTokens().filter { $0.isAlive(at: now) && hosts?.contains($0.host) != false }
            try revokeInTransaction(alive, by: author, at: now, because: reason)
        }
    }

    /// Spends a token on a key, once and for ever, and records it; or says by which rule not, and records that.
    ///
    /// The certificate is issued after this: a crash in between leaves a token that the same key may use again.
    package func redeem(
        _ id: Digest,
        for host: HostID,
        key: Digest,
        by guest: Author,
        at now: WallTime
    ) throws -> Result<Void, JoinRefusal> {
        try database.transaction {
            guard var token = try joinToken(id) else { return .failure(.unknown) }
            if let refusal = token.refusal(for: host, key: key, at: now) {
                token.refusals += 1
                try store(token)
                // Whoever has a spent token could fill the ledger with it.
                guard token.refusals <= IssuedToken.mostRecordedRefusals else { return .failure(refusal) }
                var record = record(.tokenRefused, token, by: guest, at: now)
                record.outcome = "failed"
                let isLast = token.refusals == IssuedToken.mostRecordedRefusals
                record.why = "\(refusal.message) [\(refusal.code)]\(isLast ? "; later refusals are not recorded" : "")"
                try LedgerTree(database: database).append([record])
                return .failure(refusal)
            }
            token.key = key
            token.usedAt = token.usedAt ?? now
            token.answers += 1
            try store(token)
            var record = record(.tokenUsed, token, by: guest, at: now)
            record.before = token.id.short
            record.after = key.hex
            record.outcome = "done"
            try LedgerTree(database: database).append([record])
            return .success(())
        }
    }

    func knowsJoinToken(_ id: Digest) throws -> Bool { try joinToken(id) != nil }

    private func joinToken(_ id: Digest) throws -> IssuedToken? {
        try database.first("SELECT token FROM join_tokens WHERE id = ?1", .text(id.hex)) { row in
            try JSONDecoder().decode(IssuedToken.self, from: Data(try row.blob(0)))
        }
    }

    private func store(_ token: IssuedToken) throws {
        try database.execute(
            "INSERT OR REPLACE INTO join_tokens (id, host, made_at, token) VALUES (?1, ?2, ?3, ?4)",
            .text(token.id.hex),
            .text(token.host.text),
            .integer(token.madeAt.milliseconds),
            .blob(Array(try JSONEncoder().encode(token)))
        )
    }

    private func revokeInTransaction(
        _ tokens: [IssuedToken],
        by author: Author,
        at now: WallTime,
        because reason: String?
    ) throws {
        for var token in tokens {
            token.revokedAt = now
            try store(token)
            var record = record(.tokenRevoked, token, by: author, at: now)
            record.why = reason
            try LedgerTree(database: database).append([record])
        }
    }

    private func record(
        _ kind: LedgerRecord.Kind,
        _ token: IssuedToken,
        by author: Author,
        at now: WallTime
    ) -> LedgerRecord {
        var record = LedgerRecord(kind, by: author, at: now)
        record.hosts = [token.host]
        record.after = token.id.short
        return record
    }
}
