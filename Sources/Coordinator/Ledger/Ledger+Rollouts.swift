internal import FoundationEssentials
package import Model
package import Rollout
internal import Storage
internal import Trust

extension Ledger {
    /// Stores a new rollout and gives it its number; nothing is done about it yet.
    ///
    /// - Throws: `CoordinatorError` when one of the same service and environment has not ended; that stands in the ledger,
    ///   too. Also when another service's rollout has begun on its hosts since it was planned.
    package func open(_ plan: Plan, by person: String, at time: WallTime) throws -> RolloutID {
        var record = LedgerRecord(.rolloutOpened, by: Author(holder: person), at: time)
        record.describe(plan, digest: try plan.digest())
        do {
            return try add(plan, record, by: person, at: time)
        } catch let error as CoordinatorError where error.code == .rolloutUnderWay {
            var refusal = LedgerRecord(.rolloutRefused, by: Author(holder: person), at: time)
            refusal.describe(plan, digest: try plan.digest())
            refusal.why = "\(error)"
            try self.record(refusal)
            throw error
        }
    }

    private func add(_ plan: Plan, _ record: LedgerRecord, by person: String, at time: WallTime) throws -> RolloutID {
        try database.transaction {
            if let active = try unfinished(plan.service, plan.environment) {
                throw CoordinatorError.rolloutUnderWay(active)
            }
            try demandHeed(of: plan)
            let last = try database.first("SELECT max(number) FROM rollouts") { row in try row.optionalInteger(0) }
            let number = (last.flatMap(\.self) ?? 0) + 1
            let id = RolloutID(ledger: self.id, number: Int(number))
            var machine = RolloutMachine(id: id, plan: plan)
            try database.execute(
                """
                INSERT INTO rollouts (number, service, environment, plan, head, started_by, started_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                """,
                .integer(number),
                .text(plan.service.text),
                .text(plan.environment.text),
                .blob(try CanonicalJSON.encode(plan)),
                .blob(Array(try JSONEncoder().encode(machine.takeChange().head))),
                .text(person),
                .integer(time.milliseconds)
            )
            var record = record
            record.rollout = id
            try LedgerTree(database: database).append([record])
            return id
        }
    }

    /// Nobody has said yes to a plan beside rollouts that it does not name.
    private func demandHeed(of plan: Plan) throws {
        let rule = ConcurrencyRule(plan)
        let known = Set((plan.concurrent ?? []).map(\.rollout))
        for other in try unfinishedRollouts() where !known.contains(other.id) {
            guard let found = rule.finds(other.plan, as: other.id) else { continue }
            throw CoordinatorError(.planUnknown, "\(found) has begun since this plan was made; plan again")
        }
    }

    /// How a rollout has ended; nil for one that has not, or is not there.
    package func outcome(of number: Int) throws -> Outcome? {
        let sql = "SELECT summary FROM rollouts WHERE number = ?1 AND ended_at IS NOT NULL"
        let summary = try database.first(sql, .integer(Int64(number))) { row in try row.optionalBlob(0) }
        guard let summary = summary.flatMap(\.self) else { return nil }
        return try JSONDecoder().decode(RolloutSummary.self, from: Data(summary)).outcome
    }

    /// The rollout of that number, or nil.
    package func rollout(_ number: Int) throws -> StoredRollout? {
        try rollouts(where: "number = ?1", .integer(Int64(number))).first
    }

    /// The rollout of a service that has not ended, or nil; there is never more than one.
    package func unfinished(_ service: ServiceName, _ environment: EnvironmentName) throws -> StoredRollout? {
        let condition = "service = ?1 AND environment = ?2 AND ended_at IS NULL"
        return try rollouts(where: condition, .text(service.text), .text(environment.text)).first
    }

    /// All rollouts that have not ended, newest first.
    package func unfinishedRollouts() throws -> [StoredRollout] {
        try rollouts(where: "ended_at IS NULL ORDER BY number DESC")
    }

    /// The rollouts of the same place that were begun later, oldest first.
    func rollouts(after rollout: StoredRollout) throws -> [StoredRollout] {
        try rollouts(
            where: "service = ?1 AND environment = ?2 AND number > ?3 ORDER BY number",
            .text(rollout.plan.service.text),
            .text(rollout.plan.environment.text),
            .integer(Int64(rollout.id.number))
        )
    }

    /// The newest rollouts of a place that have ended, newest first.
    func endedRollouts(_ service: ServiceName, _ environment: EnvironmentName, limit: Int) throws -> [StoredRollout] {
        try rollouts(
            where: "service = ?1 AND environment = ?2 AND ended_at IS NOT NULL AND summary IS NOT NULL "
                + "ORDER BY number DESC LIMIT ?3",
            .text(service.text),
            .text(environment.text),
            .integer(Int64(limit))
        )
    }

    /// The newest rollouts, newest first.
    package func recentRollouts(limit: Int) throws -> [StoredRollout] {
        try rollouts(where: "1 ORDER BY number DESC LIMIT ?1", .integer(Int64(limit)))
    }

    /// Where a rollout stands.
    package func state(of rollout: StoredRollout) throws -> RolloutState {
        let number = Value.integer(Int64(rollout.id.number))
        let head = try database.first("SELECT head FROM rollouts WHERE number = ?1", number) { row in
            try JSONDecoder().decode(RolloutState.self, from: Data(try row.blob(0)))
        }
        guard let head else {
            throw CoordinatorError(.rolloutUnknown, "\(rollout.id.label) is not in the ledger")
        }
        let hosts = try database.query("SELECT host, state FROM hosts WHERE rollout = ?1", number) { row in
            let state = try JSONDecoder().decode(HostState.self, from: Data(try row.blob(1)))
            return HostChange(host: Int(try row.integer(0)), state: state)
        }
        return RolloutState(head: head, changes: hosts, plan: rollout.plan)
    }

    private func rollouts(where condition: String, _ values: Value...) throws -> [StoredRollout] {
        let columns = "number, plan, summary, started_by, started_at, ended_at"
        let sql = "SELECT \(columns) FROM rollouts WHERE \(condition)"
        return try database.query(sql, values) { [id] row in
            let summary = try row.optionalBlob(2)
            return StoredRollout(
                id: RolloutID(ledger: id, number: Int(try row.integer(0))),
                plan: try CanonicalJSON.decode(Plan.self, from: try row.blob(1)),
                summary: try summary.map { try JSONDecoder().decode(RolloutSummary.self, from: Data($0)) },
                startedBy: try row.text(3),
                startedAt: WallTime(milliseconds: try row.integer(4)),
                endedAt: try row.optionalInteger(5).map(WallTime.init(milliseconds:))
            )
        }
    }
}

extension LedgerRecord {
    /// Takes over what a plan says.
    fileprivate mutating func describe(_ plan: Plan, digest: Digest) {
        service = plan.service
        environment = plan.environment
        why = plan.reason
        self.plan = digest
        hosts = plan.hosts.map(\.id)
        before = plan.previous?.description
        after = plan.target.description
        asked = plan.kind.rawValue
        unproven = plan.proving?.lacking
    }
}
