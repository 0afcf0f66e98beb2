package import Model

extension Provenance {
    private static let subject = "provenance"

    /// Reads a statement that trusted keys have signed, as said of `artifact`: SLSA provenance v1 or v0.2.
    ///
    /// - Throws: `TrustError`: another type of statement, a malformed one, or one on other artifacts.
    package init(_ payload: VerifiedPayload, of artifact: Digest) throws(TrustError) {
        let types = [Self.predicateType, Self.olderPredicateType]
        let statement = try Statement(payload, of: artifact, predicateTypes: types, named: Self.subject)
        if statement.predicateType == Self.olderPredicateType {
            try self.init(older: statement, of: artifact)
        } else {
            try self.init(statement, of: artifact)
        }
    }

    /// Follows slsa.dev/spec/v1.0/provenance.
    private init(_ statement: Statement, of artifact: Digest) throws(TrustError) {
        let run = statement.predicate["runDetails"]
        guard let builder = run?["builder"]?["id"]?.string else {
            throw Self.invalid("names no builder (predicate.runDetails.builder.id)")
        }
        let definition = statement.predicate["buildDefinition"]
        self.init(artifactName: statement.artifactName, artifact: artifact, builder: builder)
        buildType = definition?["buildType"]?.string ?? ""
        let dependencies = definition?["resolvedDependencies"]?.array ?? []
        if let dependency = dependencies.first(where: { Self.revision(of: $0) != nil }) {
            source = try Self.source(dependency)
            sourceTime = try Self.time(dependency["annotations"]?["revisionTime"], "revisionTime")
        }
        invocation = run?["metadata"]?["invocationId"]?.string
        started = try Self.time(run?["metadata"]?["startedOn"], "startedOn")
        finished = try Self.time(run?["metadata"]?["finishedOn"], "finishedOn")
    }

    /// Follows slsa.dev/spec/v0.2/provenance, which cosign and SLSA's generic GitHub builder write.
    private init(older statement: Statement, of artifact: Digest) throws(TrustError) {
        let predicate = statement.predicate
        guard let builder = predicate["builder"]?["id"]?.string else {
            throw Self.invalid("names no builder (predicate.builder.id)")
        }
        self.init(artifactName: statement.artifactName, artifact: artifact, builder: builder)
        buildType = predicate["buildType"]?.string ?? ""
        let config = predicate["invocation"]?["configSource"].map { [$0] } ?? []
        let materials = config + (predicate["materials"]?.array ?? [])
        if let material = materials.first(where: { Self.revision(of: $0) != nil }) {
            source = try Self.source(material)
        }
        let metadata = predicate["metadata"]
        invocation = metadata?["buildInvocationId"]?.string
        started = try Self.time(metadata?["buildStartedOn"], "buildStartedOn")
        finished = try Self.time(metadata?["buildFinishedOn"], "buildFinishedOn")
    }

    /// The git revision of a dependency that has a place: the first of them is the source, by the convention of SLSA's own
    /// builders.
    private static func revision(of dependency: JSONValue) -> (uri: String, revision: String)? {
        let digest = dependency["digest"]
        guard let revision = (digest?["gitCommit"] ?? digest?["sha1"])?.string, let uri = dependency["uri"]?.string
        else {
            return nil
        }
        return (uri, revision)
    }

    private static func source(_ dependency: JSONValue) throws(TrustError) -> SourceRevision? {
        guard let (uri, revision) = revision(of: dependency) else { return nil }
        let listed = dependency["annotations"]?["authors"]
        let authors = (listed?.array ?? []).compactMap(\.string)
        guard listed == nil || listed?.array?.count == authors.count else {
            throw invalid("has authors that are no list of names")
        }
        return SourceRevision(repository: repository(uri), revision: revision, authors: authors)
    }

    /// The URI without the `@refs/heads/main` that SLSA's GitHub builder puts behind its path.
    static func repository(_ uri: String) -> String {
        let parts = uri.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0].hasSuffix(":"), parts[1].isEmpty, let mark = parts[3].firstIndex(of: "@")
        else { return uri }
        return String(uri[..<mark])
    }

    private static func time(_ value: JSONValue?, _ name: String) throws(TrustError) -> WallTime? {
        try Statement.time(value, name, subject: subject)
    }

    private static func invalid(_ advice: String) -> TrustError { TrustError(.statementInvalid, subject, advice) }
}
