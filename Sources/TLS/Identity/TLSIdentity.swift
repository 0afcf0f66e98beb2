/// What we show a peer: a certificate, the chain that leads to its authority, and the private key.
package struct TLSIdentity: Sendable, CustomStringConvertible {
    package let peer: PeerIdentity
    package let certificate: Certificate
    let intermediates: [Certificate]
    let key: PrivateKey

    /// Loads PEM files; the key must not be readable by group or others.
    package init(certificatePath: String, keyPath: String) throws(TLSError) {
        try self.init(
            certificatePEM: PrivateFile.read(certificatePath, for: .everyone),
            keyPEM: PrivateFile.read(keyPath, for: .owner),
            source: certificatePath
        )
    }

    /// Takes PEM from memory: our certificate first, then the intermediates, and the unencrypted private key.
    ///
    /// `source` says in messages where they come from.
    package init(certificatePEM: [UInt8], keyPEM: [UInt8], source: String = "certificate") throws(TLSError) {
        let chain = try Certificate.chain(pem: certificatePEM, source: source)
        key = try PrivateKey(pem: keyPEM, source: source)
        certificate = chain[0]
        intermediates = Array(chain.dropFirst())
        guard key.belongs(to: certificate) else {
            throw TLSError(
                .keyMismatch,
                source,
                advice: "certificate and private key don't belong together; issue both again"
            )
        }
        peer = try certificate.identity()
    }

    package var description: String { "\(peer), serial \(certificate.serial)" }
}
