package import Model
internal import Rollout
internal import Storage
internal import Trust

/// Artifacts that were taken back on evidence of their own; each entry stands until its artifact is confirmed after all.
extension Ledger {
    static let quarantine = Migration(
        name: "add_quarantine",
        sql: """
            CREATE TABLE quarantine (
                id INTEGER PRIMARY KEY, service TEXT NOT NULL, environment TEXT NOT NULL, artifact BLOB NOT NULL,
                rollout INTEGER NOT NULL, entry BLOB NOT NULL, cleared_by INTEGER
            ) STRICT;
            CREATE INDEX quarantine_by_place ON quarantine (service, environment) WHERE cleared_by IS NULL;
            """
    )

    /// What is quarantined in an environment, the newest of each artifact, newest first.
    package func quarantine(_ service: ServiceName, _ environment: EnvironmentName) throws -> [Quarantine] {
        let sql = """
            SELECT entry FROM quarantine WHERE service = ?1 AND environment = ?2 AND cleared_by IS NULL ORDER BY id DESC
            """
        let all = try database.query(sql, .text(service.text), .text(environment.text)) { row in
            try CanonicalJSON.decode(Quarantine.self, from: try row.blob(0))
        }
        var seen: Set<Digest> = []
        return all.filter { seen.insert($0.artifact).inserted }
    }

    /// What stands against bringing a release to its environment: the one question for all that moves releases.
    ///
    /// Nothing ever does against what is confirmed there, or what it goes back to.
    package func objection(to release: Release, as id: ReleaseID) throws -> Quarantine? {
        let history = try history(release.service, release.environment)
        guard id != history.current, history.rollbackTarget != .release(id) else { return nil }
        return try quarantine(release.service, release.environment).first { $0.artifact == release.artifact.digest }
    }

    /// Quarantines what a rollout has ended against, as part of the transaction that is open.
    ///
    /// An artifact that is confirmed here was not to blame: what came with it was.
    func quarantine(_ plan: Plan, because evidence: [ArtifactEvidence], by rollout: RolloutID, at time: WallTime) throws
    {
        guard let release = plan.release else { return }
        let confirmed = try confirmed(plan.service, plan.environment).first { $0.id == plan.previous }
        guard confirmed?.release.artifact.digest != release.artifact.digest else { return }
        let entry = Quarantine(
            service: plan.service,
            environment: plan.environment,
            artifact: release.artifact.digest,
            release: plan.target,
            rollout: rollout,
            at: time,
            evidence: evidence
        )
        try database.execute(
            "INSERT INTO quarantine (service, environment, artifact, rollout, entry) VALUES (?1, ?2, ?3, ?4, ?5)",
            .text(plan.service.text),
            .text(plan.environment.text),
            .blob(entry.artifact.bytes),
            .integer(Int64(rollout.number)),
            .blob(try CanonicalJSON.encode(entry))
        )
        var record = record(.artifactQuarantined, plan, entry.artifact, rollout, at: time)
        record.hosts = evidence.map(\.host)
        record.why = evidence.map { "\($0.host): \($0.failure)" }.joined(separator: "; ")
        try LedgerTree(database: database).append([record])
    }

    /// Ends the quarantine of an artifact that has proved itself, as part of the transaction that is open.
    func clearQuarantine(_ confirmed: ConfirmedRelease, _ plan: Plan, by rollout: RolloutID, at time: WallTime) throws {
        let artifact = confirmed.release.artifact.digest
        guard try quarantine(plan.service, plan.environment).contains(where: { $0.artifact == artifact }) else {
            return
        }
        try database.execute(
            """
            UPDATE quarantine SET cleared_by = ?4
            WHERE service = ?1 AND environment = ?2 AND artifact = ?3 AND cleared_by IS NULL
            """,
            .text(plan.service.text),
            .text(plan.environment.text),
            .blob(artifact.bytes),
            .integer(Int64(rollout.number))
        )
        var record = record(.artifactCleared, plan, artifact, rollout, at: time)
        record.why = plan.reason
        try LedgerTree(database: database).append([record])
    }

    private func record(
        _ kind: LedgerRecord.Kind,
        _ plan: Plan,
        _ artifact: Digest,
        _ rollout: RolloutID,
        at time: WallTime
    ) -> LedgerRecord {
        var record = LedgerRecord(kind, by: .clock, at: time)
        record.rollout = rollout
        record.service = plan.service
        record.environment = plan.environment
        record.before = plan.target.description
        record.after = artifact.hex
        return record
    }
}
