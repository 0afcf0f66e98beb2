/// One step of a schema's history.
///
/// A released migration is never edited, renamed or moved: databases out there have run it as it was.
package struct Migration: Hashable, Sendable {
    /// Unique within its schema, for example `add_history`.
    package let name: String
    /// One or more statements, run in one transaction with the note that they ran.
    package let sql: String

    package init(name: String, sql: String) {
        self.name = name
        self.sql = sql
    }
}
