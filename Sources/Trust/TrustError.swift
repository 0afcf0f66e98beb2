/// Why bytes, a key, a signature or a proof was not believed.
package struct TrustError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        case attestersInvalid = "trust.attesters_invalid"
        case auditProofInvalid = "trust.audit_proof_invalid"
        case belowThreshold = "trust.below_threshold"
        case buildersInvalid = "trust.builders_invalid"
        case checkpointInvalid = "trust.checkpoint_invalid"
        case cryptoFailed = "trust.crypto_failed"
        case envelopeInvalid = "trust.envelope_invalid"
        case expired = "trust.expired"
        case fileUnreadable = "trust.file_unreadable"
        case fileUnwritable = "trust.file_unwritable"
        case joinTokenInvalid = "trust.join_token_invalid"
        case jsonInvalid = "trust.json_invalid"
        case jsonNotCanonical = "trust.json_not_canonical"
        case keyInvalid = "trust.key_invalid"
        case notApproved = "trust.not_approved"
        case notAttested = "trust.not_attested"
        case otherArtifact = "trust.other_artifact"
        case policyInvalid = "trust.policy_invalid"
        case receiptInvalid = "trust.receipt_invalid"
        case rootInvalid = "trust.root_invalid"
        case rootRefused = "trust.root_refused"
        case signatureInvalid = "trust.signature_invalid"
        case signerRefused = "trust.signer_refused"
        case signersInvalid = "trust.signers_invalid"
        case statementInvalid = "trust.statement_invalid"
        case statementUnsupported = "trust.statement_unsupported"
        case unknownKey = "trust.unknown_key"
        case unsigned = "trust.unsigned"
        case wrongBuilder = "trust.wrong_builder"
        case wrongDestination = "trust.wrong_destination"
        case wrongSource = "trust.wrong_source"
    }

    package let code: Code
    /// What was looked at: a path, a key id, `order`, `provenance`.
    package let subject: String
    /// What was found and what to do about it, shown to the operator as it stands.
    package let advice: String
    /// Byte offset in the input, where there is one.
    package let offset: Int?
    /// What the system or libcrypto said, where it said something.
    package let cause: String?

    package init(_ code: Code, _ subject: String, _ advice: String, offset: Int? = nil, cause: String? = nil) {
        self.code = code
        self.subject = subject
        self.advice = advice
        self.offset = offset
        self.cause = cause
    }

    package var description: String {
        let place = offset.map { " at byte \($0)" } ?? ""
        let reason = cause.map { " (\($0))" } ?? ""
        return "\(subject)\(place): \(advice)\(reason) [\(code.rawValue)]"
    }

    /// The same error, said of `subject`.
    func about(_ subject: String) -> Self {
        Self(code, subject, advice, offset: offset, cause: cause)
    }
}
