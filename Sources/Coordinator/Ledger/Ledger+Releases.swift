internal import FoundationEssentials
package import Model
internal import Storage

extension Ledger {
    func confirm(_ confirmed: ConfirmedRelease, rollout: RolloutID, at time: WallTime) throws {
        try database.execute(
            "INSERT INTO confirmed (service, environment, rollout, at, release) VALUES (?1, ?2, ?3, ?4, ?5)",
            .text(confirmed.service.text),
            .text(confirmed.environment.text),
            .integer(Int64(rollout.number)),
            .integer(time.milliseconds),
            .blob(Array(try JSONEncoder().encode(confirmed)))
        )
    }

    /// What was confirmed in an environment, newest first, each release once.
    package func confirmed(_ service: ServiceName, _ environment: EnvironmentName) throws -> [ConfirmedRelease] {
        let sql = "SELECT release FROM confirmed WHERE service = ?1 AND environment = ?2 ORDER BY id DESC"
        let all = try database.query(sql, .text(service.text), .text(environment.text)) { row in
            try JSONDecoder().decode(ConfirmedRelease.self, from: Data(try row.blob(0)))
        }
        var seen: Set<ReleaseID> = []
        return all.filter { seen.insert($0.id).inserted }
    }

    /// Remembers which artifact a version is; the same version never becomes another.
    ///
    /// - Throws: `CoordinatorError` when the version is known with another digest.
    package func register(_ entry: CatalogEntry) throws {
        try database.transaction {
            if let known = try artifact(entry.service, entry.version) {
                guard known.artifact.digest == entry.artifact.digest else {
                    throw CoordinatorError.versionTaken(entry, known: known.artifact)
                }
            }
            try database.execute(
                "INSERT OR REPLACE INTO artifacts (service, version, artifact, provenance) VALUES (?1, ?2, ?3, ?4)",
                .text(entry.service.text),
                .text(entry.version.text),
                .blob(Array(try JSONEncoder().encode(entry.artifact))),
                .blob(Array(try JSONEncoder().encode(entry.provenance)))
            )
        }
    }

    /// The artifact of a version, or nil.
    package func artifact(_ service: ServiceName, _ version: Version) throws -> CatalogEntry? {
        let sql = "SELECT artifact, provenance FROM artifacts WHERE service = ?1 AND version = ?2"
        return try database.first(sql, .text(service.text), .text(version.text)) { row in
            CatalogEntry(
                service: service,
                version: version,
                artifact: try JSONDecoder().decode(Artifact.self, from: Data(try row.blob(0))),
                provenance: try JSONDecoder().decode([[UInt8]].self, from: Data(try row.blob(1)))
            )
        }
    }
}
