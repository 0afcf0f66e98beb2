package import Model

extension Provenance {
    /// Reads a statement that trusted keys have signed, as said of `artifact`.
    ///
    /// The subject is found by digest alone: names in a statement are the builder's own affair.
    ///
    /// - Throws: `TrustError`: another type of statement, a malformed one, or one on other artifacts.
    package init(_ payload: VerifiedPayload, of artifact: Digest) throws(TrustError) {
        guard payload.type == Self.payloadType else {
            throw Self.unsupported("is '\(payload.type)'", expected: Self.payloadType)
        }
        let statement: JSONValue
        do {
            statement = try JSONValue(parsing: payload.bytes)
        } catch {
            throw TrustError(.statementInvalid, "provenance", error.advice, offset: error.offset)
        }
        let type = statement["_type"]?.string
        guard type == Self.statementType || type == Self.olderStatementType else {
            throw Self.unsupported("is a statement of type '\(type ?? "none")'", expected: Self.statementType)
        }
        let predicateType = statement["predicateType"]?.string
        guard predicateType == Self.predicateType else {
            throw Self.unsupported("says '\(predicateType ?? "nothing")'", expected: Self.predicateType)
        }
        let name = try Self.subjectName(in: statement, artifact: artifact)
        guard let predicate = statement["predicate"], let run = predicate["runDetails"],
            let builder = run["builder"]?["id"]?.string
        else { throw Self.invalid("names no builder (predicate.runDetails.builder.id)") }
        let definition = predicate["buildDefinition"]
        self.init(artifactName: name, artifact: artifact, builder: builder)
        buildType = definition?["buildType"]?.string ?? ""
        if let dependency = Self.sourceDependency(in: definition) {
            source = dependency.source
            sourceTime = try Self.time(dependency.annotations?["revisionTime"], "revisionTime")
        }
        invocation = run["metadata"]?["invocationId"]?.string
        started = try Self.time(run["metadata"]?["startedOn"], "startedOn")
        finished = try Self.time(run["metadata"]?["finishedOn"], "finishedOn")
    }

    private static func subjectName(in statement: JSONValue, artifact: Digest) throws(TrustError) -> String {
        guard let subjects = statement["subject"]?.array, !subjects.isEmpty else {
            throw invalid("names no subject")
        }
        guard let subject = subjects.first(where: { $0["digest"]?["sha256"]?.string == artifact.hex }) else {
            let found = subjects.prefix(3).compactMap { $0["digest"]?["sha256"]?.string?.prefix(12) }
            throw TrustError(
                .otherArtifact,
                "provenance",
                "speaks of \(found.joined(separator: ", ")), not of artifact \(artifact.short): "
                    + "push the artifact together with its own provenance"
            )
        }
        return subject["name"]?.string ?? ""
    }

    /// The first resolved dependency with a git revision: the source, by the convention of SLSA's own builders.
    private static func sourceDependency(
        in definition: JSONValue?
    ) -> (source: SourceRevision, annotations: JSONValue?)? {
        for dependency in definition?["resolvedDependencies"]?.array ?? [] {
            let digest = dependency["digest"]
            guard let revision = (digest?["gitCommit"] ?? digest?["sha1"])?.string,
                let uri = dependency["uri"]?.string
            else { continue }
            return (SourceRevision(repository: repository(uri), revision: revision), dependency["annotations"])
        }
        return nil
    }

    /// The URI without the `@refs/heads/main` that SLSA's GitHub builder puts behind its path.
    static func repository(_ uri: String) -> String {
        let parts = uri.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0].hasSuffix(":"), parts[1].isEmpty, let mark = parts[3].firstIndex(of: "@")
        else { return uri }
        return String(uri[..<mark])
    }

    private static func time(_ value: JSONValue?, _ name: String) throws(TrustError) -> WallTime? {
        guard let value, value != .null else { return nil }
        guard let text = value.string else { throw invalid("has a \(name) that is no time") }
        do {
            return try WallTime(rfc3339: text)
        } catch {
            throw TrustError(.statementInvalid, "provenance", "has a \(name) that is no time", cause: "\(error)")
        }
    }

    private static func invalid(_ advice: String) -> TrustError {
        TrustError(.statementInvalid, "provenance", advice)
    }

    private static func unsupported(_ found: String, expected: String) -> TrustError {
        TrustError(.statementUnsupported, "provenance", "\(found); expected '\(expected)'")
    }
}
