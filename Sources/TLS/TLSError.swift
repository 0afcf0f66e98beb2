/// Why a TLS connection, certificate or certificate authority was refused.
package struct TLSError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Stable names that scripts and other targets may match.
    package enum Code: String, Sendable, CaseIterable {
        case certificateExpired = "tls.certificate_expired"
        case certificateNotYetValid = "tls.certificate_not_yet_valid"
        case wrongAuthority = "tls.wrong_authority"
        case wrongFleet = "tls.wrong_fleet"
        case wrongRole = "tls.wrong_role"
        case wrongName = "tls.wrong_name"
        case identityMissing = "tls.identity_missing"
        case certificateRefused = "tls.certificate_refused"
        case noCertificate = "tls.no_certificate"
        case refusedByPeer = "tls.refused_by_peer"
        case protocolVersion = "tls.protocol_version"
        case applicationProtocol = "tls.application_protocol"
        case plaintextPeer = "tls.plaintext_peer"
        case truncated = "tls.truncated"
        case handshakeTimeout = "tls.handshake_timeout"
        case handshakeFailed = "tls.handshake_failed"
        case protocolViolation = "tls.protocol_violation"
        case backlog = "tls.backlog"
        case fileUnreadable = "tls.file_unreadable"
        case fileExists = "tls.file_exists"
        case fileNotWritten = "tls.file_not_written"
        case keyPermissions = "tls.key_permissions"
        case notPEM = "tls.not_pem"
        case keyMismatch = "tls.key_mismatch"
        case invalidIdentity = "tls.invalid_identity"
        case authorityMissing = "tls.authority_missing"
        case authorityExpired = "tls.authority_expired"
        case authorityExists = "tls.authority_exists"
        case rootKeyMissing = "tls.root_key_missing"
        case certificateRevoked = "tls.certificate_revoked"
        case revocationsInvalid = "tls.revocations_invalid"
        case revocationsOlder = "tls.revocations_older"
        case library = "tls.library"
    }

    package let code: Code
    /// The thing that was refused: a file, an identity, a host.
    package let subject: String
    /// What was found and what to do about it, shown to the operator as it stands.
    package let advice: String
    /// OpenSSL's own error stack, oldest first; empty when OpenSSL was not the one that refused.
    package let stack: [String]

    package init(_ code: Code, _ subject: String, advice: String, stack: [String] = []) {
        self.code = code
        self.subject = subject
        self.advice = advice
        self.stack = stack
    }

    package var description: String {
        let reasons = stack.isEmpty ? "" : " (\(stack.joined(separator: "; ")))"
        return "\(subject): \(advice)\(reasons) [\(code.rawValue)]"
    }

    static func revoked(_ subject: String) -> Self {
        let advice =
            "its certificate was revoked; if that is a mistake, give it a new one with 'fleet host add' or 'fleet ca issue'"
        return Self(.certificateRevoked, subject, advice: advice)
    }

    /// A call into libcrypto or libssl that does not fail on valid input.
    static func library(_ call: String, advice: String = "OpenSSL refused this call; is the installed library intact?")
        -> Self
    {
        Self(.library, call, advice: advice, stack: ErrorStack.take().texts)
    }
}
