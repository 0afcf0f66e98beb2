/// The source that an artifact was built from, as its signed provenance says.
package struct SourceRevision: Hashable, Codable, Sendable {
    /// For example `git+https://git.example.com/web`.
    package let repository: String
    /// The commit's full hash.
    package let revision: String

    package init(repository: String, revision: String) {
        self.repository = repository
        self.revision = revision
    }

    /// The first 10 digits of the revision, as people quote it.
    package var short: String { String(revision.prefix(10)) }
}
