import Model

extension Provenance {
    /// The statement as canonical JSON, ready to be signed.
    package func statement() throws(TrustError) -> [UInt8] {
        let subject = Self.object([
            ("name", .string(artifactName)), ("digest", Self.object([("sha256", .string(artifact.hex))])),
        ])
        let predicate = Self.object([("buildDefinition", buildDefinition), ("runDetails", runDetails)])
        return try Self.object([
            ("_type", .string(Self.statementType)), ("subject", .array([subject])),
            ("predicateType", .string(Self.predicateType)), ("predicate", predicate),
        ]).canonicalBytes()
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
        return Self.object([
            ("buildType", .string(buildType)), ("externalParameters", Self.object(parameters ?? [])),
            ("resolvedDependencies", .array(source.map { [dependency($0)] } ?? [])),
        ])
    }

    private func dependency(_ source: SourceRevision) -> JSONValue {
        Self.object([
            ("uri", .string(source.repository)),
            ("digest", Self.object([("gitCommit", .string(source.revision))])),
            ("annotations", sourceTime.map { Self.object([("revisionTime", .string($0.description))]) }),
        ])
    }

    private var runDetails: JSONValue {
        Self.object([
            ("builder", Self.object([("id", .string(builder))])),
            (
                "metadata",
                Self.object([
                    ("invocationId", invocation.map { .string($0) }),
                    ("startedOn", started.map { .string($0.description) }),
                    ("finishedOn", finished.map { .string($0.description) }),
                ])
            ),
        ])
    }

    /// An object of those members that have a value.
    private static func object(_ members: [(String, JSONValue?)]) -> JSONValue {
        .object(members.compactMap { key, value in value.map { JSONValue.Member(key, $0) } })
    }
}
