import Model

/// An in-toto statement on one artifact, read from bytes that trusted keys have signed.
///
/// Follows github.com/in-toto/attestation, spec/v1/statement.md; members that it does not name are ignored.
struct Statement {
    /// What the signer called the artifact; for people, never compared.
    let artifactName: String
    let predicateType: String
    let predicate: JSONValue

    /// The media type in the envelope.
    static let payloadType = "application/vnd.in-toto+json"
    static let type = "https://in-toto.io/Statement/v1"
    /// Written by older `cosign attest-blob`; says the same.
    static let olderType = "https://in-toto.io/Statement/v0.1"

    /// Reads the statement as one of `predicateTypes` on `artifact`; `subject` is what messages call it.
    ///
    /// The artifact is found by digest alone: names in a statement are its signer's own affair.
    ///
    /// - Throws: `TrustError`: another type of statement, a malformed one, or one on other artifacts.
    init(
        _ payload: VerifiedPayload,
        of artifact: Digest,
        predicateTypes: [String],
        named subject: String
    ) throws(TrustError) {
        func unsupported(_ found: String, expected: String) -> TrustError {
            TrustError(.statementUnsupported, subject, "\(found); expected '\(expected)'")
        }
        guard Self.payloadType.isExactly(payload.type) else {
            throw unsupported("is '\(payload.type)'", expected: Self.payloadType)
        }
        let statement: JSONValue
        do {
            statement = try JSONValue(parsing: payload.bytes)
        } catch {
            throw TrustError(.statementInvalid, subject, error.advice, offset: error.offset)
        }
        let type = statement["_type"]?.string
        guard Self.type.isExactly(type) || Self.olderType.isExactly(type) else {
            throw unsupported("is a statement of type '\(type ?? "none")'", expected: Self.type)
        }
        let found = statement["predicateType"]?.string
        guard let predicateType = predicateTypes.first(where: { $0.isExactly(found) }) else {
            throw unsupported("says '\(found ?? "nothing")'", expected: predicateTypes[0])
        }
        artifactName = try Self.artifactName(in: statement, artifact: artifact, subject: subject)
        guard let predicate = statement["predicate"], predicate.object != nil else {
            throw TrustError(.statementInvalid, subject, "has no predicate")
        }
        self.predicateType = predicateType
        self.predicate = predicate
    }

    private static func artifactName(
        in statement: JSONValue,
        artifact: Digest,
        subject: String
    ) throws(TrustError) -> String {
        guard let subjects = statement["subject"]?.array, !subjects.isEmpty else {
            throw TrustError(.statementInvalid, subject, "names no subject")
        }
        guard let found = subjects.first(where: { artifact.hex.isExactly($0["digest"]?["sha256"]?.string) }) else {
            let others = subjects.prefix(3).compactMap { $0["digest"]?["sha256"]?.string?.prefix(12) }
            throw TrustError(
                .otherArtifact,
                subject,
                "speaks of \(others.joined(separator: ", ")), not of artifact \(artifact.short): "
                    + "push the artifact together with its own \(subject)"
            )
        }
        return found["name"]?.string ?? ""
    }

    /// The predicate type that the payload of an envelope names, signed or not: to tell envelopes apart, never to believe one.
    static func claimedType(in payload: [UInt8]) -> String? {
        // What is no JSON claims nothing.
        (try? JSONValue(parsing: payload))?["predicateType"]?.string
    }

    /// A time in a statement, or nil if it is left out.
    static func time(_ value: JSONValue?, _ name: String, subject: String) throws(TrustError) -> WallTime? {
        guard let value, value != .null else { return nil }
        guard let text = value.string else {
            throw TrustError(.statementInvalid, subject, "has a \(name) that is no time")
        }
        do {
            return try WallTime(rfc3339: text)
        } catch {
            throw TrustError(.statementInvalid, subject, "has a \(name) that is no time", cause: "\(error)")
        }
    }

    /// A statement's canonical JSON, ready to be signed.
    static func text(
        of artifact: Digest,
        named name: String,
        predicateType: String,
        predicate: JSONValue
    ) throws(TrustError) -> [UInt8] {
        let subject = JSONValue.of([
            ("name", .string(name)), ("digest", JSONValue.of([("sha256", .string(artifact.hex))])),
        ])
        return try JSONValue.of([
            ("_type", .string(type)), ("subject", .array([subject])), ("predicateType", .string(predicateType)),
            ("predicate", predicate),
        ]).canonicalBytes()
    }
}

extension JSONValue {
    /// An object of those members that have a value.
    static func of(_ members: [(String, JSONValue?)]) -> JSONValue {
        .object(members.compactMap { key, value in value.map { Member(key, $0) } })
    }
}
