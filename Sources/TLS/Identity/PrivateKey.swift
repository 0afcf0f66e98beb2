import COpenSSL

/// A private key, or the public half of one.
///
/// `@unchecked Sendable`: the EVP_PKEY is never modified after the initialiser, and OpenSSL counts its references
/// atomically.
final class PrivateKey: @unchecked Sendable, CustomStringConvertible {
    let pointer: OpaquePointer

    /// Takes over the reference that the caller holds.
    init(owning pointer: OpaquePointer) { self.pointer = pointer }

    deinit { EVP_PKEY_free(pointer) }

    var description: String { "private key (redacted)" }

    static func generateP256() throws(TLSError) -> PrivateKey {
        ErrorStack.clear()
        guard let pointer = fleet_generate_p256() else { throw .library("EVP_EC_gen") }
        return PrivateKey(owning: pointer)
    }

    init(pem: [UInt8], source: String) throws(TLSError) {
        guard let key = try PEM.read(pem, { PEM_read_bio_PrivateKey($0, nil, refusePassphrase, nil) }) else {
            throw TLSError(
                .notPEM,
                source,
                advice: "holds no readable PEM private key (keys with a passphrase are not supported)",
                stack: ErrorStack.take().texts
            )
        }
        pointer = key
    }

    func belongs(to certificate: Certificate) -> Bool {
        defer { ErrorStack.clear() }
        return X509_check_private_key(certificate.pointer, pointer) == 1
    }

    /// PKCS #8, unencrypted.
    func pem() throws(TLSError) -> String {
        try PEM.text { PEM_write_bio_PKCS8PrivateKey($0, pointer, nil, nil, 0, nil, nil) }
    }
}

/// A key with a passphrase must fail, never ask on the terminal of a service.
private func refusePassphrase(
    buffer: UnsafeMutablePointer<CChar>?,
    size: Int32,
    writing: Int32,
    argument: UnsafeMutableRawPointer?
) -> Int32 {
    -1
}
