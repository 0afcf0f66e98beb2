import Model

extension Planner {
    /// What is done to shared data before the first host is switched: only by what brings a new release.
    func migration(_ stages: [PlannedStage]) throws(PlanRefusal) -> PlannedMigration? {
        guard bringsRelease, let migration = request.spec?.migration else { return nil }
        let hosts = request.environment.hosts
        guard let wanted = request.environment.migrateOn else {
            return PlannedMigration(host: stages.first?.hosts.first ?? 0, migration: migration)
        }
        guard let host = members.firstIndex(where: { hosts[$0].id == wanted }) else {
            let isSkipped = hosts.contains { $0.id == wanted }
            let found =
                "migrate_on names \(wanted), which is \(isSkipped ? "left out" : "not in \(request.environment.name)")"
            throw PlanRefusal(code: .unknownHost, found: found, advice: "name a host of the plan in fleet.yml")
        }
        return PlannedMigration(host: host, migration: migration)
    }
}
