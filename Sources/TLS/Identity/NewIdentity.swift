import COpenSSL
package import Model

/// A key that was made here, and a PKCS #10 request (RFC 2986) for its certificate; the key never leaves.
package struct NewIdentity: Sendable, CustomStringConvertible {
    private let key: PrivateKey
    /// PEM, signed by the key.
    package let request: [UInt8]

    /// `name` is for people; whoever certifies says who it is.
    package init(name: String) throws(TLSError) { try self.init(name: name, key: .generateP256()) }

    /// Goes on with a key that was made here before.
    package init(name: String, keyPEM: Secret, source: String) throws(TLSError) {
        try self.init(name: name, key: PrivateKey(pem: keyPEM.reveal(), source: source))
    }

    private init(name: String, key: PrivateKey) throws(TLSError) {
        self.key = key
        ErrorStack.clear()
        guard let request = X509_REQ_new() else { throw .library("X509_REQ_new") }
        defer { X509_REQ_free(request) }
        let text = Array(name.utf8.prefix(64))
        let subject = X509_REQ_get_subject_name(request)
        guard X509_REQ_set_version(request, 0) == 1,
            X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8, text, Int32(text.count), -1, 0) == 1,
            X509_REQ_set_pubkey(request, key.pointer) == 1,
            X509_REQ_sign(request, key.pointer, EVP_sha256()) > 0
        else { throw .library("X509_REQ_sign") }
        self.request = Array(try PEM.text { PEM_write_bio_X509_REQ($0, request) }.utf8)
    }

    /// The key, for the host's own disk.
    package func keyPEM() throws(TLSError) -> Secret { Secret(Array(try key.pem().utf8)) }

    package var description: String { "a new key and the request for its certificate" }

    /// The identity that a certificate for this key makes.
    ///
    /// - Throws: `TLSError` with `keyMismatch` for another key's certificate; `notPEM`.
    package func completed(chain pem: [UInt8]) throws(TLSError) -> TLSIdentity {
        try TLSIdentity(chain: Certificate.chain(pem: pem, source: "the new certificate"), key: key)
    }
}
