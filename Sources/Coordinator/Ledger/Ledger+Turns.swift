internal import FoundationEssentials
package import Model
internal import Rollout
internal import Storage
internal import Trust

extension Ledger {
    /// Stores the events of one turn, and what they have changed, with one fsync.
    ///
    /// `ending` is set when the rollout has ended, or stands paused.
    package func store(_ turn: RolloutTurn, of rollout: RolloutID, ending: RolloutEnding?) throws {
        let head = Array(try JSONEncoder().encode(turn.change.head))
        let hosts = try turn.change.hosts.map { (host: $0.host, state: Array(try JSONEncoder().encode($0.state))) }
        var hasher = SHA256()
        hasher.update(head)
        for change in hosts { hasher.update(change.state) }
        let digest = hasher.finalize()
        let records = try turn.events.map { event in
            let record = LedgerRecord(
                at: turn.at,
                by: event.by,
                rollout: rollout,
                engine: turn.engine,
                event: event.event,
                state: digest
            )
            return try CanonicalJSON.encode(record)
        }
        try database.transaction {
            for record in records {
                try database.execute(
                    "INSERT INTO records (rollout, leaf, record) VALUES (?1, ?2, ?3)",
                    .integer(Int64(rollout.number)),
                    .blob(AuditTree.leaf(record).bytes),
                    .blob(record)
                )
            }
            try database.execute(
                "UPDATE rollouts SET head = ?2 WHERE number = ?1",
                .integer(Int64(rollout.number)),
                .blob(head)
            )
            for change in hosts {
                try database.execute(
                    "INSERT OR REPLACE INTO hosts (rollout, host, state) VALUES (?1, ?2, ?3)",
                    .integer(Int64(rollout.number)),
                    .integer(Int64(change.host)),
                    .blob(change.state)
                )
            }
            for event in turn.events {
                if let word = event.leftWord { try store(answer: event.refusal, toWord: word) }
            }
            if let ending { try close(rollout, ending, at: turn.at) }
        }
    }

    private func close(_ rollout: RolloutID, _ ending: RolloutEnding, at time: WallTime) throws {
        try database.execute(
            "UPDATE rollouts SET summary = ?2, ended_at = ?3 WHERE number = ?1",
            .integer(Int64(rollout.number)),
            .blob(Array(try JSONEncoder().encode(ending.summary))),
            ending.isFinal ? .integer(time.milliseconds) : .null
        )
        try refuseWords(for: rollout)
        guard ending.isFinal, let confirmed = ending.confirmed else { return }
        try confirm(confirmed, rollout: rollout, at: time)
    }

    /// The records of one rollout, oldest first.
    package func records(of rollout: RolloutID) throws -> [LedgerRecord] {
        let sql = "SELECT record FROM records WHERE rollout = ?1 ORDER BY sequence"
        return try database.query(sql, .integer(Int64(rollout.number))) { row in
            try CanonicalJSON.decode(LedgerRecord.self, from: try row.blob(0))
        }
    }
}
