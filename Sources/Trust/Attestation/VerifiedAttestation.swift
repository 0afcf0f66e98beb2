package import Model

/// An attestation that holds: signed by a trusted attester, and speaking of exactly the artifact at hand.
package struct VerifiedAttestation: Hashable, Sendable {
    package let attestation: Attestation
    /// The name that the host gives whoever signed it.
    package let attester: String
    package let key: VerificationKey
    /// Whom it counts for: the key that signed, or the people who reviewed.
    let voices: [String]

    package var kind: AttestationKind { attestation.kind }
}
