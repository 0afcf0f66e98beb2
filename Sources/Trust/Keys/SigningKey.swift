import COpenSSL
package import Model

/// A private key: Ed25519 or P-256; never shown.
package struct SigningKey: Sendable, CustomStringConvertible, CustomReflectable {
    /// PKCS#8.
    private let pem: [UInt8]
    package let publicKey: VerificationKey

    /// Takes an unencrypted private key as PEM.
    ///
    /// - Throws: `TrustError` for anything but one Ed25519 or P-256 key.
    package init(pem: [UInt8], name: String = "private key") throws(TrustError) {
        guard let handle = KeyHandle.fromPrivatePEM(pem) else {
            throw .crypto(.keyInvalid, name, "holds no private key in PEM without a passphrase")
        }
        try self.init(handle, name: name)
    }

    /// Reads a PEM file.
    package init(file path: String) throws(TrustError) {
        try self.init(pem: try KeyFile.read(path), name: path)
    }

    private init(_ handle: borrowing KeyHandle, name: String) throws(TrustError) {
        publicKey = try VerificationKey(handle, name: name)
        guard let pem = handle.privatePEM() else { throw .crypto(.keyInvalid, name, "can't be encoded") }
        self.pem = pem
    }

    /// A new key from the system's random numbers.
    package static func generate(_ algorithm: KeyAlgorithm = .ed25519) throws(TrustError) -> Self {
        guard let handle = KeyHandle.generate(algorithm) else {
            throw .crypto(.cryptoFailed, algorithm.rawValue, "no key could be made")
        }
        return try Self(handle, name: "new key")
    }

    /// The Ed25519 key of a seed of 32 bytes (RFC 8032, section 5.1.5; PKCS#8 of RFC 8410, section 7).
    package init(seed: Secret, name: String) throws(TrustError) {
        let header: [UInt8] = [
            0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
        ]
        let body = Base64.encode(header + seed.reveal())
        try self.init(pem: Array("-----BEGIN PRIVATE KEY-----\n\(body)\n-----END PRIVATE KEY-----\n".utf8), name: name)
    }

    package var description: String { "private key of \(publicKey)" }
    package var customMirror: Mirror { Mirror(self, children: ["publicKey": publicKey]) }

    /// Writes the key, readable by its owner alone, to a path where nothing is yet.
    package func write(to path: String) throws(TrustError) {
        try KeyFile.create(path, pem, mode: 0o600)
    }

    /// This key's signature on exactly `message`: 64 bytes for Ed25519, DER for P-256.
    package func sign(_ message: [UInt8]) throws(TrustError) -> [UInt8] {
        guard let signature = signature(on: message) else {
            throw .crypto(.cryptoFailed, description, "can't sign")
        }
        return signature
    }

    private func signature(on message: [UInt8]) -> [UInt8]? {
        guard let handle = KeyHandle.fromPrivatePEM(pem), let context = EVP_MD_CTX_new() else { return nil }
        defer { EVP_MD_CTX_free(context) }
        let hash = publicKey.algorithm == .p256 ? SHA256.algorithm : nil
        var size = 0
        guard EVP_DigestSignInit(context, nil, hash, nil, handle.pointer) == 1,
            EVP_DigestSign(context, nil, &size, message, message.count) == 1
        else { return nil }
        var signature = [UInt8](repeating: 0, count: size)
        guard EVP_DigestSign(context, &signature, &size, message, message.count) == 1 else { return nil }
        return Array(signature.prefix(size))
    }
}
