package import Model

/// What somebody says of an artifact besides where it comes from.
package enum Attestation: Hashable, Sendable {
    case testResult(TestResult)
    case review(Review)

    package var kind: AttestationKind {
        switch self {
        case .testResult: .testResult
        case .review: .review
        }
    }

    /// Reads a statement that trusted keys have signed, as one of `kind` on `artifact`.
    ///
    /// - Throws: `TrustError`: another type of statement, a malformed one, or one on other artifacts.
    init(_ payload: VerifiedPayload, _ kind: AttestationKind, of artifact: Digest) throws(TrustError) {
        let types = [kind.predicateType]
        let statement = try Statement(payload, of: artifact, predicateTypes: types, named: kind.rawValue)
        switch kind {
        case .testResult: self = .testResult(try TestResult(statement.predicate))
        case .review: self = .review(try Review(statement.predicate))
        }
    }

    /// The statement on an artifact in an envelope signed by `key`; `name` is the artifact's, for people.
    package func signed(
        of artifact: Digest,
        named name: String,
        with key: SigningKey
    ) throws(TrustError) -> DSSEEnvelope {
        let predicate =
            switch self {
            case .testResult(let result): result.predicate
            case .review(let review): review.predicate
            }
        let type = kind.predicateType
        let text = try Statement.text(of: artifact, named: name, predicateType: type, predicate: predicate)
        var envelope = DSSEEnvelope(payloadType: Statement.payloadType, payload: text)
        try envelope.sign(with: key)
        return envelope
    }
}

extension AttestationKind {
    /// github.com/in-toto/attestation, spec/predicates/test-result.md, and what was proposed there as human-review.md.
    var predicateType: String {
        switch self {
        case .testResult: "https://in-toto.io/attestation/test-result/v0.1"
        case .review: "https://in-toto.io/attestation/human-review/v0.1"
        }
    }

    /// What an envelope's payload says it is, be it signed or not; nil for anything else, provenance above all.
    package static func claimed(in payload: [UInt8]) -> Self? {
        let type = Statement.claimedType(in: payload)
        return allCases.first { $0.predicateType.isExactly(type) }
    }
}
