package import Model
internal import Rollout
internal import Storage
internal import Trust

extension Ledger {
    /// Keeps the exact bytes of an order that people are asked to approve, and returns their SHA-256.
    func keep(order bytes: [UInt8], of rollout: RolloutID, at time: WallTime) throws -> Digest {
        let digest = SHA256.digest(of: bytes)
        try database.execute(
            "INSERT OR IGNORE INTO orders (rollout, digest, bytes, at) VALUES (?1, ?2, ?3, ?4)",
            .integer(Int64(rollout.number)),
            .blob(digest.bytes),
            .blob(bytes),
            .integer(time.milliseconds)
        )
        return digest
    }

    /// The exact bytes of an order, or nil when this ledger has not written it.
    package func order(_ digest: Digest, of rollout: RolloutID) throws -> [UInt8]? {
        let sql = "SELECT bytes FROM orders WHERE rollout = ?1 AND digest = ?2"
        return try database.first(sql, .integer(Int64(rollout.number)), .blob(digest.bytes)) { try $0.blob(0) }
    }

    /// Who has approved an order, and with which signatures, oldest first.
    package func approvals(of order: Digest, rollout: RolloutID) throws -> [Approval] {
        let sql = "SELECT person, kind, signature FROM approvals WHERE rollout = ?1 AND digest = ?2 ORDER BY id"
        return try database.query(sql, .integer(Int64(rollout.number)), .blob(order.bytes)) { row in
            Approval(
                order: order,
                person: try row.text(0),
                signature: try row.blob(2),
                kind: Approval.Kind(rawValue: try row.text(1)) ?? .ordinary
            )
        }
    }

    /// Keeps the signature of somebody whose word a rollout has taken, or forgets it with the word.
    func storeConsent(_ event: RolloutEvent, to rollout: RolloutID) throws {
        let number = Value.integer(Int64(rollout.number))
        switch event.word {
        case .operatorSaid(.approve(let approval)):
            try database.execute(
                "INSERT INTO approvals (rollout, digest, person, kind, signature) VALUES (?1, ?2, ?3, ?4, ?5)",
                number,
                .blob(approval.order.bytes),
                .text(approval.person),
                .text(approval.kind.rawValue),
                .blob(approval.signature)
            )
        case .operatorSaid(.withdrawApproval(let person, _)):
            // A word that is taken back is in the records for ever; the signature travels no more.
            let people = try database.query("SELECT DISTINCT person FROM approvals WHERE rollout = ?1", [number]) {
                try $0.text(0)
            }
            for name in people where PersonalName.isSame(name, person) {
                try database.execute("DELETE FROM approvals WHERE rollout = ?1 AND person = ?2", number, .text(name))
            }
        case .operatorSaid, .started, .resumed, .connected, .lost, .reported, .replied, .effectFailed, .timerFired,
            .asked, .orderLapsed, .judged, .opening, .scheduleExpired, .concurrentEnded:
            break
        }
    }
}
