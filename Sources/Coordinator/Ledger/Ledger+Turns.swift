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
        let subject = try subject(of: rollout)
        var records = turn.events.map { event in
            var record = LedgerRecord(.rolloutEvent, by: event.author, at: turn.at)
            record.take(subject, rollout)
            record.why = event.refusal ?? event.event.reason
            record.before = turn.before
            record.after = turn.after
            record.outcome = event.refusal.map { _ in "refused" }
            record.engine = turn.engine
            record.event = event.event
            record.state = digest
            return record
        }
        if let ending {
            var record = LedgerRecord(.rolloutEnded, by: turn.events.last?.author ?? .clock, at: turn.at)
            record.take(subject, rollout)
            record.outcome = ending.summary.outcome.rawValue
            record.why = ending.summary.headline
            record.before = subject.before
            record.after = subject.after
            records.append(record)
        }
        try database.transaction {
            let tree = LedgerTree(database: database)
            let size = try tree.size()
            try tree.append(records)
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
            for (place, event) in turn.events.enumerated() {
                if let word = event.leftWord { try store(answer: event.refusal, toWord: word) }
                guard event.refusal == nil else { continue }
                try storeConsent(event.event, to: rollout)
                let broken = BrokenGlass(records[place], record: size + Int64(place) + 1)
                if let broken { try ask(reviewOf: broken) }
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
        guard ending.isFinal else { return }
        if let evidence = ending.summary.against {
            try quarantine(try plan(of: rollout), because: evidence, by: rollout, at: time)
        }
        guard let confirmed = ending.confirmed else { return }
        try clearQuarantine(confirmed, try plan(of: rollout), by: rollout, at: time)
        try confirm(confirmed, rollout: rollout, at: time)
    }

    private func plan(of rollout: RolloutID) throws -> Plan {
        if let stored = try self.rollout(rollout.number) { return stored.plan }
        throw CoordinatorError(.rolloutUnknown, "\(rollout.label) is not in the ledger")
    }

    /// What every record of a rollout names.
    struct Subject {
        let service: ServiceName
        let environment: EnvironmentName
        let plan: Digest
        let before: String?
        let after: String
    }

    private func subject(of rollout: RolloutID) throws -> Subject {
        if let known = subjects[rollout.number] { return known }
        let sql = "SELECT plan FROM rollouts WHERE number = ?1"
        let bytes = try database.first(sql, .integer(Int64(rollout.number))) { row in try row.blob(0) }
        guard let bytes else { throw CoordinatorError(.rolloutUnknown, "\(rollout.label) is not in the ledger") }
        let plan = try CanonicalJSON.decode(Plan.self, from: bytes)
        let subject = Subject(
            service: plan.service,
            environment: plan.environment,
            plan: SHA256.digest(of: bytes),
            before: plan.previous?.description,
            after: plan.target.description
        )
        subjects = [rollout.number: subject]
        return subject
    }

    /// The events of one rollout, oldest first.
    package func records(of rollout: RolloutID) throws -> [LedgerRecord] {
        let sql = "SELECT record FROM records WHERE rollout = ?1 ORDER BY sequence"
        return try database.query(sql, .integer(Int64(rollout.number))) { row in
            try CanonicalJSON.decode(LedgerRecord.self, from: try row.blob(0))
        }
    }
}

extension LedgerRecord {
    fileprivate mutating func take(_ subject: Ledger.Subject, _ id: RolloutID) {
        rollout = id
        service = subject.service
        environment = subject.environment
        plan = subject.plan
    }
}

extension Author {
    /// What the coordinator does by itself when the time has come.
    static let clock = Self(name: "clock", place: "coordinator")
}

extension RolloutTurn.Entry {
    fileprivate var author: Author { by == Author.clock.name ? .clock : Author(holder: by) }
}

extension RolloutEvent {
    /// Why a person has said it.
    fileprivate var reason: String? {
        guard case .operatorSaid(let word) = self.word else { return nil }
        return word.reason
    }
}
