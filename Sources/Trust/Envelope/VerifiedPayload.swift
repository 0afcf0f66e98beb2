/// The exact bytes that trusted keys have signed.
package struct VerifiedPayload: Hashable, Sendable {
    /// Media type, covered by the signatures too.
    package let type: String
    package let bytes: [UInt8]
    /// Distinct keys, one or more.
    package let signers: [VerificationKey]
}
