/// The source that an artifact was built from, as its signed provenance says.
package struct SourceRevision: Hashable, Codable, Sendable {
    /// For example `git+https://git.example.com/web`.
    package let repository: String
    /// The commit's full hash.
    package let revision: String
    /// E-mail addresses of the revision's author and co-authors; empty where the builder does not say.
    package let authors: [String]

    package init(repository: String, revision: String, authors: [String] = []) {
        self.repository = repository
        self.revision = revision
        self.authors = authors
    }

    /// The first 10 digits of the revision, as people quote it.
    package var short: String { String(revision.prefix(10)) }

    private enum CodingKeys: String, CodingKey {
        case repository, revision, authors
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        repository = try container.decode(String.self, forKey: .repository)
        revision = try container.decode(String.self, forKey: .revision)
        authors = try container.decodeIfPresent([String].self, forKey: .authors) ?? []
    }

    /// Without authors nothing is written of them, so that releases from before keep their digests.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(repository, forKey: .repository)
        try container.encode(revision, forKey: .revision)
        if !authors.isEmpty { try container.encode(authors, forKey: .authors) }
    }
}
