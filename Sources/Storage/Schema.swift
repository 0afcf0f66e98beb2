/// What a database file of one kind is and how it came to be.
package struct Schema: Hashable, Sendable {
    /// Marks the file as this kind, in SQLite's own header field; unique per kind, never 0.
    package let applicationID: Int32
    /// Every migration ever released, oldest first; new ones are appended.
    package let migrations: [Migration]
    /// What becomes of a file that a newer version has migrated.
    package let newer: Newer

    package enum Newer: Hashable, Sendable {
        /// Refused, and left as it is.
        case refused
        /// Used: migrations of this kind of file only ever add what older versions need not know.
        case used
    }

    package init(applicationID: Int32, migrations: [Migration], newer: Newer = .refused) {
        precondition(applicationID != 0, "0 is what SQLite writes for no application")
        precondition(Set(migrations.map(\.name)).count == migrations.count, "a migration's name is unique")
        self.applicationID = applicationID
        self.migrations = migrations
        self.newer = newer
    }
}
