internal import FoundationEssentials
package import Model
package import Rollout
internal import Storage

extension Ledger {
    /// Leaves an operator's word for whoever runs the rollout, and returns the number to ask for its answer.
    package func leave(_ word: OperatorWord, for rollout: RolloutID, by person: String) throws -> Int64 {
        let sql = "INSERT INTO words (rollout, word, said_by) VALUES (?1, ?2, ?3) RETURNING id"
        let word = Value.blob(Array(try JSONEncoder().encode(word)))
        let id = try database.first(sql, .integer(Int64(rollout.number)), word, .text(person)) { try $0.integer(0) }
        guard let id else { throw CoordinatorError(.rolloutUnknown, "the ledger did not take the word") }
        return id
    }

    /// The words that wait, oldest first, after the one with the number `last`.
    ///
    /// They wait until a turn that holds their events is stored, so that a crash loses none.
    package func words(for rollout: RolloutID, after last: Int64) throws -> [LeftWord] {
        let sql = "SELECT id, word, said_by FROM words WHERE rollout = ?1 AND id > ?2 AND answer IS NULL ORDER BY id"
        return try database.query(sql, .integer(Int64(rollout.number)), .integer(last)) { row in
            let word = try JSONDecoder().decode(OperatorWord.self, from: Data(try row.blob(1)))
            return LeftWord(id: try row.integer(0), word: word, by: try row.text(2))
        }
    }

    /// What became of a word.
    package func answer(toWord id: Int64) throws -> LeftWord.Answer {
        let answer = try database.first("SELECT answer FROM words WHERE id = ?1", .integer(id)) { row in
            try row.optionalText(0)
        }
        guard let text = answer.flatMap(\.self) else { return .none }
        return text.isEmpty ? .taken : .refused(text)
    }

    /// Takes a word back that nobody has taken; answers what has become of it meanwhile.
    package func withdraw(word id: Int64) throws -> LeftWord.Answer {
        try database.transaction {
            let answer = try self.answer(toWord: id)
            if answer == .none { try database.execute("DELETE FROM words WHERE id = ?1", .integer(id)) }
            return answer
        }
    }

    /// Answers a word together with the turn that it was part of.
    func store(answer refusal: String?, toWord id: Int64) throws {
        try database.execute("UPDATE words SET answer = ?2 WHERE id = ?1", .integer(id), .text(refusal ?? ""))
    }

    /// Nobody will take the words that still wait.
    func refuseWords(for rollout: RolloutID) throws {
        try database.execute(
            "UPDATE words SET answer = ?2 WHERE rollout = ?1 AND answer IS NULL",
            .integer(Int64(rollout.number)),
            .text("\(rollout.label) came to rest before it heard this")
        )
    }
}
