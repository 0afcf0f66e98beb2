import COpenSSL

/// Where the key of a new certificate comes from.
package enum SubjectKey: Sendable {
    /// A new P-256 key, handed over together with the certificate.
    case generated
    /// The key stays where it was made; only its public half in PEM arrives here.
    case publicKey(pem: [UInt8])
    /// A PKCS #10 request in PEM, which proves that its sender holds the key. Its names are ignored: we say who it is.
    case request(pem: [UInt8])

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
