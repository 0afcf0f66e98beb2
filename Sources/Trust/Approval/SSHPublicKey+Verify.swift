import COpenSSL
import Model

extension SSHPublicKey {
    /// Whether `signature`, the blob of RFC 4253 section 6.6, is this key's on exactly `message`.
    ///
    /// - Throws: `TrustError` for a blob that is malformed, of another kind than the key, or made with SHA-1.
    func isValid(_ signature: [UInt8], on message: [UInt8], name: String) throws(TrustError) -> Bool {
        var reader = SSHReader(signature, .signatureInvalid, name)
        let type = try reader.text()
        let expected = signatureTypes
        guard expected.contains(type) else {
            let wanted = expected.joined(separator: " or ")
            throw TrustError(.signatureInvalid, name, "has a signature of the kind '\(type)'; this key makes \(wanted)")
        }
        let content = try reader.string()
        var signed = message
        if case .securityKey(_, let application) = kind {
            let flags = try reader.byte()
            let counter = try reader.take(4)
            guard flags & Self.userPresent != 0 else {
                throw TrustError(.signatureInvalid, name, "was made without a touch of the security key")
            }
            signed = SHA256.digest(of: application).bytes + [flags] + counter + SHA256.digest(of: message).bytes
        }
        try reader.end()
        guard let handle = KeyHandle.fromPublicDER(der) else { return false }
        return handle.verifies(try libcryptoForm(content, name), on: signed, hash: hash(of: type))
    }

    /// Somebody has touched the authenticator (OpenSSH, PROTOCOL.u2f).
    private static let userPresent: UInt8 = 0x01

    private var signatureTypes: [String] {
        switch kind {
        case .ed25519: ["ssh-ed25519"]
        case .ecdsa(let curve): ["ecdsa-sha2-\(curve.rawValue)"]
        case .rsa: ["rsa-sha2-512", "rsa-sha2-256"]  // RFC 8332; "ssh-rsa" would be SHA-1
        case .securityKey(.ed25519, _): ["sk-ssh-ed25519@openssh.com"]
        case .securityKey(.ecdsa, _): ["sk-ecdsa-sha2-nistp256@openssh.com"]
        }
    }

    /// The hash below the signature; none for Ed25519, which has its own.
    private func hash(of type: String) -> OpaquePointer? {
        switch kind {
        case .ed25519, .securityKey(.ed25519, _): nil
        case .ecdsa(.nistp256), .securityKey(.ecdsa, _): SHA256.algorithm
        case .ecdsa(.nistp384): EVP_sha384()
        case .ecdsa(.nistp521): EVP_sha512()
        case .rsa: type == "rsa-sha2-512" ? EVP_sha512() : SHA256.algorithm
        }
    }

    /// ECDSA has two numbers in a row, which libcrypto takes as an ASN.1 sequence.
    private func libcryptoForm(_ content: [UInt8], _ name: String) throws(TrustError) -> [UInt8] {
        switch kind {
        case .ed25519, .rsa, .securityKey(.ed25519, _): return content
        case .ecdsa, .securityKey(.ecdsa, _):
            var numbers = SSHReader(content, .signatureInvalid, name)
            let first = try numbers.positiveInteger()
            let second = try numbers.positiveInteger()
            try numbers.end()
            return DER.sequence(DER.integer(first), DER.integer(second))
        }
    }
}
