package import Model

/// A public key: Ed25519 or P-256, named by the SHA-256 of its SubjectPublicKeyInfo.
package struct VerificationKey: Hashable, Sendable, CustomStringConvertible {
    package let algorithm: KeyAlgorithm
    /// DER of the SubjectPublicKeyInfo.
    package let der: [UInt8]
    /// SHA-256 of `der`.
    package let id: Digest

    /// Takes a key as DER.
    ///
    /// - Throws: `TrustError` for anything but one Ed25519 or P-256 key in its usual encoding.
    package init(der: [UInt8], name: String = "public key") throws(TrustError) {
        guard let (algorithm, point) = KeyAlgorithm.read(publicDER: der) else { throw Self.foreign(der, name) }
        guard KeyHandle.fromPoint(point, of: algorithm) != nil else {
            throw .crypto(.keyInvalid, name, "holds no public key")
        }
        self.algorithm = algorithm
        self.der = der
        id = SHA256.digest(of: der)
    }

    /// What is wrong with the DER of something else.
    private static func foreign(_ der: [UInt8], _ name: String) -> TrustError {
        guard KeyHandle.fromPublicDER(der) != nil else { return .crypto(.keyInvalid, name, "holds no public key") }
        return TrustError(.keyInvalid, name, "is of a kind that is not accepted: use an Ed25519 or P-256 key")
    }

    /// Takes a key as PEM (`BEGIN PUBLIC KEY`).
    ///
    /// - Throws: `TrustError`, as for DER.
    package init(pem: [UInt8], name: String = "public key") throws(TrustError) {
        guard let der = LibCrypto.content(ofPEM: pem, labelled: "PUBLIC KEY") else {
            throw .crypto(.keyInvalid, name, "holds no public key in PEM; expected '-----BEGIN PUBLIC KEY-----'")
        }
        try self.init(der: der, name: name)
    }

    /// Reads a PEM file.
    package init(file path: String) throws(TrustError) {
        try self.init(pem: try KeyFile.read(path), name: path)
    }

    init(_ handle: borrowing KeyHandle, name: String) throws(TrustError) {
        guard let der = handle.publicDER() else { throw .crypto(.keyInvalid, name, "can't be encoded") }
        try self.init(der: der, name: name)
    }

    package var description: String { "\(algorithm.rawValue) \(id.short)" }

    /// PEM as `openssl pkey -pubout` writes it.
    package var pem: [UInt8] {
        let body = Array(Base64.encode(der).utf8)
        let lines = stride(from: 0, to: body.count, by: 64).map { body[$0..<min($0 + 64, body.count)] }
        let text = lines.map { String(decoding: $0, as: UTF8.self) + "\n" }.joined()
        return Array("-----BEGIN PUBLIC KEY-----\n\(text)-----END PUBLIC KEY-----\n".utf8)
    }

    /// Writes the PEM, readable by all, to a path where nothing is yet.
    package func write(to path: String) throws(TrustError) {
        try KeyFile.create(path, pem, mode: 0o644)
    }

    /// Whether `signature` is this key's on exactly `message`.
    package func isValid(_ signature: [UInt8], on message: [UInt8]) -> Bool {
        guard let handle = KeyHandle.fromPublicDER(der) else { return false }
        return handle.verifies(signature, on: message, hash: algorithm == .p256 ? SHA256.algorithm : nil)
    }
}
