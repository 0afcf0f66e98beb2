import COpenSSL
package import Model

/// Where the key of a new certificate comes from.
package enum SubjectKey: Sendable {
    /// A new P-256 key, handed over together with the certificate.
    case generated
    /// The key stays where it was made; only its public half in PEM arrives here.
    case publicKey(pem: [UInt8])
    /// A PKCS #10 request in PEM, which proves that its sender holds the key. Its names are ignored: we say who it is.
    case request(pem: [UInt8])

    /// SHA-256 of the public key that a request is for, which its sender has proven to hold.
    package static func digest(ofRequest pem: [UInt8]) throws(TLSError) -> Digest {
        let key = try Self.request(pem: pem).load().key
        var der: UnsafeMutablePointer<UInt8>?
        let count = i2d_PUBKEY(key.pointer, &der)
        defer { fleet_openssl_free(der) }
        guard count > 0, let der else { throw .library("i2d_PUBKEY") }
        var bytes = [UInt8](repeating: 0, count: Digest.byteCount)
        guard EVP_Digest(der, Int(count), &bytes, nil, EVP_sha256(), nil) == 1 else { throw .library("EVP_Digest") }
        return Digest(bytes: bytes)
    }

    /// The key to certify, and whether it has a private half.
    func load() throws(TLSError) -> (key: PrivateKey, isPrivate: Bool) {
        switch self {
        case .generated:
            return (try .generateP256(), true)
        case .publicKey(let pem):
            guard let key = try PEM.read(pem, { PEM_read_bio_PUBKEY($0, nil, nil, nil) }) else {
                throw Self.refused("holds no readable PEM public key")
            }
            return (PrivateKey(owning: key), false)
        case .request(let pem):
            guard let request = try PEM.read(pem, { PEM_read_bio_X509_REQ($0, nil, nil, nil) }) else {
                throw Self.refused("holds no readable PEM certificate request")
            }
            defer { X509_REQ_free(request) }
            guard let key = X509_REQ_get_pubkey(request) else { throw Self.refused("has no usable key") }
            let subject = PrivateKey(owning: key)
            guard X509_REQ_verify(request, key) == 1 else {
                throw Self.refused("is not signed by its own key; make it again")
            }
            return (subject, false)
        }
    }

    private static func refused(_ advice: String) -> TLSError {
        TLSError(.notPEM, "certificate request", advice: advice, stack: ErrorStack.take().texts)
    }
}
