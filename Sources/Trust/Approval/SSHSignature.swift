internal import COpenSSL
internal import Model

/// A signature of `ssh-keygen -Y sign` (OpenSSH, PROTOCOL.sshsig).
package struct SSHSignature: Hashable, Sendable {
    /// The key that is said to have signed; believed by nobody before `AllowedSigners` names its owner.
    package let key: SSHPublicKey
    /// What the signature is for, so that one made for something else proves nothing here.
    package let namespace: String
    private let hashAlgorithm: HashAlgorithm
    private let reserved: [UInt8]
    private let signature: [UInt8]
    private let name: String

    private enum HashAlgorithm: String {
        case sha256
        case sha512
    }

    private static let magic = Array("SSHSIG".utf8)
    private static let header = "-----BEGIN SSH SIGNATURE-----"
    private static let footer = "-----END SSH SIGNATURE-----"
    /// More than the largest RSA key and signature take.
    private static let mostBytes = 64 << 10

    /// Reads the armored text that `ssh-keygen` writes.
    ///
    /// - Throws: `TrustError`, also for versions, hash algorithms and kinds of keys that are not accepted.
    package init(armored text: [UInt8], name: String = "SSH signature") throws(TrustError) {
        func invalid(_ advice: String) -> TrustError { TrustError(.signatureInvalid, name, advice) }
        guard text.count <= Self.mostBytes else { throw invalid("has \(text.count) bytes: more than any signature") }
        let lines = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline)
        guard lines.first.map(String.init) == Self.header, lines.last.map(String.init) == Self.footer, lines.count > 2
        else { throw invalid("is no '\(Self.header)'; make one with 'ssh-keygen -Y sign'") }
        guard let blob = Base64.decode(lines.dropFirst().dropLast().joined()) else { throw invalid("is no Base64") }

        var reader = SSHReader(blob, .signatureInvalid, name)
        guard try reader.take(Self.magic.count) == Self.magic else { throw invalid("does not begin with SSHSIG") }
        let version = try reader.number()
        guard version == 1 else { throw invalid("has version \(version), expected 1") }
        key = try SSHPublicKey(blob: try reader.string(), name: name)
        namespace = try reader.text()
        reserved = try reader.string()
        let hash = try reader.text()
        guard let hashAlgorithm = HashAlgorithm(rawValue: hash) else {
            throw invalid("hashes with '\(hash)', expected sha256 or sha512")
        }
        self.hashAlgorithm = hashAlgorithm
        signature = try reader.string()
        try reader.end()
        self.name = name
    }

    /// Whether it is the key's signature on exactly `message`.
    package func isValid(on message: [UInt8]) throws(TrustError) -> Bool {
        let hash =
            switch hashAlgorithm {
            case .sha256: SHA256.digest(of: message).bytes
            case .sha512: try Self.sha512(of: message)
            }
        let parts = [Array(namespace.utf8), reserved, Array(hashAlgorithm.rawValue.utf8), hash]
        let signed = Self.magic + parts.flatMap { [UInt8].sshString($0) }
        return try key.isValid(signature, on: signed, name: name)
    }

    private static func sha512(of message: [UInt8]) throws(TrustError) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 64)
        guard EVP_Digest(message, message.count, &digest, nil, EVP_sha512(), nil) == 1 else {
            throw .crypto(.cryptoFailed, "SHA-512", "failed")
        }
        return digest
    }
}
