internal import FoundationEssentials
package import Model
package import Rollout
internal import Storage
internal import Trust

extension Ledger {
    /// Stores the events of one turn and the state after the last of them, with one fsync.
    ///
    /// `ending` is set when the rollout has ended, or stands paused.
    package func store(_ turn: RolloutTurn, of rollout: RolloutID, ending: RolloutEnding?) throws {
        let state = Array(try JSONEncoder().encode(turn.state))
        let digest = SHA256.digest(of: state)
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
                "UPDATE rollouts SET state = ?2 WHERE number = ?1",
                .integer(Int64(rollout.number)),
                .blob(state)
            )
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

    // MARK: Words

    /// Leaves an operator's word for whoever runs the rollout.
    package func leave(_ word: OperatorWord, for rollout: RolloutID, by person: String) throws {
        try database.execute(
            "INSERT INTO words (rollout, word, said_by) VALUES (?1, ?2, ?3)",
            .integer(Int64(rollout.number)),
            .blob(Array(try JSONEncoder().encode(word))),
            .text(person)
        )
    }

    /// Takes the words that were left, oldest first.
    package func takeWords(for rollout: RolloutID) throws -> [(word: OperatorWord, by: String)] {
        let number = Value.integer(Int64(rollout.number))
        let pending = "SELECT EXISTS (SELECT 1 FROM words WHERE rollout = ?1)"
        guard try database.first(pending, number, read: { row in try row.integer(0) }) == 1 else { return [] }
        return try database.transaction {
            let sql = "SELECT word, said_by FROM words WHERE rollout = ?1 ORDER BY id"
            let words = try database.query(sql, number) { row in
                let word = try JSONDecoder().decode(OperatorWord.self, from: Data(try row.blob(0)))
                return (word: word, by: try row.text(1))
            }
            try database.execute("DELETE FROM words WHERE rollout = ?1", number)
            return words
        }
    }
}
