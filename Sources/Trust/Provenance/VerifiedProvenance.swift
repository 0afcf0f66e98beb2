/// Provenance that holds: signed by trusted builders, and speaking of exactly the artifact at hand.
package struct VerifiedProvenance: Hashable, Sendable {
    package let provenance: Provenance
    /// The distinct keys that vouch for it, one or more.
    package let keys: [VerificationKey]

    package var builder: String { provenance.builder }
}
