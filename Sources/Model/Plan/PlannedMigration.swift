/// The migration of a plan, and where it runs: before any host is switched.
package struct PlannedMigration: Hashable, Codable, Sendable {
    /// Index into the plan's hosts.
    package var host: Int
    package var migration: Migration

    package init(host: Int, migration: Migration) {
        self.host = host
        self.migration = migration
    }
}
