internal import Model

/// A public key as OpenSSH writes it: the blob of RFC 4253 section 6.6, RFC 5656, RFC 8709, or OpenSSH's PROTOCOL.u2f.
package struct SSHPublicKey: Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        case ed25519
        case ecdsa(Curve)
        case rsa
        /// A key that lives in a FIDO authenticator, which signs for `application` only.
        case securityKey(SecurityKey, application: [UInt8])
    }

    package enum SecurityKey: Hashable, Sendable {
        case ed25519
        case ecdsa
    }

    /// The curves of RFC 5656.
    package enum Curve: String, Hashable, Sendable, CaseIterable {
        case nistp256
        case nistp384
        case nistp521
    }

    package let kind: Kind
    /// The blob that `ssh-keygen` writes in Base64: two keys are one when these bytes are the same.
    package let blob: [UInt8]
    /// Its SubjectPublicKeyInfo, for libcrypto.
    let der: [UInt8]

    /// Shorter RSA keys are refused.
    private static let leastRSABits = 2048

    /// Reads a blob.
    ///
    /// libcrypto looks at it when it has to verify something: a file of fifty people would cost every plan milliseconds.
    /// - Throws: `TrustError` for another kind, or a key that is not of the form of its kind.
    package init(blob: [UInt8], name: String = "SSH key") throws(TrustError) {
        var reader = SSHReader(blob, .keyInvalid, name)
        let type = try reader.text()
        (kind, der) = try Self.read(type, &reader, name)
        try reader.end()
        self.blob = blob
    }

    private static func read(
        _ type: String,
        _ reader: inout SSHReader,
        _ name: String
    ) throws(TrustError) -> (Kind, der: [UInt8]) {
        switch type {
        case "ssh-ed25519": return (.ed25519, try ed25519(&reader, name))
        case "ssh-rsa":
            let exponent = try reader.positiveInteger()
            let modulus = try reader.positiveInteger()
            let magnitude = modulus.drop { $0 == 0 }
            let bits = magnitude.count * 8 - (magnitude.first?.leadingZeroBitCount ?? 0)
            guard bits >= leastRSABits else {
                throw TrustError(
                    .keyInvalid,
                    name,
                    "is an RSA key below \(leastRSABits) bits: use 'ssh-keygen -t ed25519'"
                )
            }
            let key = DER.sequence(DER.integer(modulus), DER.integer(exponent))
            return (.rsa, DER.publicKey(DER.objectRSA, DER.null, key: key))
        case "sk-ssh-ed25519@openssh.com":
            let der = try ed25519(&reader, name)
            return (.securityKey(.ed25519, application: try reader.string()), der)
        case "sk-ecdsa-sha2-nistp256@openssh.com":
            let der = try ecdsa(.nistp256, &reader, name)
            return (.securityKey(.ecdsa, application: try reader.string()), der)
        case _:
            guard let curve = Curve.allCases.first(where: { type == "ecdsa-sha2-\($0.rawValue)" }) else {
                throw TrustError(
                    .keyInvalid,
                    name,
                    "is of the kind '\(type)': use ed25519, ecdsa, rsa, or one of them in a security key"
                )
            }
            return (.ecdsa(curve), try ecdsa(curve, &reader, name))
        }
    }

    private static func ed25519(_ reader: inout SSHReader, _ name: String) throws(TrustError) -> [UInt8] {
        let point = try reader.string()
        guard point.count == 32 else { throw TrustError(.keyInvalid, name, "has \(point.count) bytes, not 32") }
        return DER.publicKey(DER.objectEd25519, key: point)
    }

    /// Only the uncompressed point, so that a key has one encoding.
    private static func ecdsa(_ curve: Curve, _ reader: inout SSHReader, _ name: String) throws(TrustError) -> [UInt8] {
        let said = try reader.text()
        let point = try reader.string()
        guard said == curve.rawValue, point.count == curve.pointSize, point.first == 4 else {
            throw TrustError(.keyInvalid, name, "has no uncompressed point of the curve \(curve.rawValue)")
        }
        return DER.publicKey(DER.objectEC, curve.object, key: point)
    }

    /// `SHA256:…`, as `ssh-keygen -l` shows it.
    package var fingerprint: String {
        let digest = Base64.encode(SHA256.digest(of: blob).bytes)
        return "SHA256:\(digest.prefix { $0 != "=" })"
    }

    package var description: String { fingerprint }
}

extension SSHPublicKey.Curve {
    var object: [UInt8] {
        switch self {
        case .nistp256: [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
        case .nistp384: [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22]
        case .nistp521: [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x23]
        }
    }

    /// Bytes of an uncompressed point.
    var pointSize: Int {
        switch self {
        case .nistp256: 65
        case .nistp384: 97
        case .nistp521: 133
        }
    }
}
