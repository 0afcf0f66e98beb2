import Model

extension Provenance {
    /// The statement as canonical JSON, ready to be signed.
    package func statement() throws(TrustError) -> [UInt8] {
        try Statement.text(
            of: artifact,
            named: artifactName,
            predicateType: Self.predicateType,
            predicate: .of([("buildDefinition", buildDefinition), ("runDetails", runDetails)])
        )
    }

    /// The statement in an envelope signed by `key`.
    package func signed(with key: SigningKey) throws(TrustError) -> DSSEEnvelope {
        var envelope = DSSEEnvelope(payloadType: Self.payloadType, payload: try statement())
        try envelope.sign(with: key)
        return envelope
    }

    private var buildDefinition: JSONValue {
        let parameters = source.map { source in
            [("source", JSONValue.string(source.repository)), ("revision", .string(source.revision))]
        }
        return .of([
            ("buildType", .string(buildType)), ("externalParameters", .of(parameters ?? [])),
            ("resolvedDependencies", .array(source.map { [dependency($0)] } ?? [])),
        ])
    }

    /// The source; what SLSA has no member for stands in its annotations.
    private func dependency(_ source: SourceRevision) -> JSONValue {
        let authors = source.authors.isEmpty ? nil : JSONValue.array(source.authors.map { .string($0) })
        let time = sourceTime.map { JSONValue.string($0.description) }
        let annotations = JSONValue.of([("authors", authors), ("revisionTime", time)])
        return .of([
            ("uri", .string(source.repository)),
            ("digest", .of([("gitCommit", .string(source.revision))])),
            ("annotations", authors == nil && time == nil ? nil : annotations),
        ])
    }

    private var runDetails: JSONValue {
        let metadata = JSONValue.of([
            ("invocationId", invocation.map { .string($0) }),
            ("startedOn", started.map { .string($0.description) }),
            ("finishedOn", finished.map { .string($0.description) }),
        ])
        return .of([("builder", .of([("id", .string(builder))])), ("metadata", metadata)])
    }
}
