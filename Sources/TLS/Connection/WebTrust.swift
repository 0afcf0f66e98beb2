import COpenSSL

/// Whom outbound HTTPS believes; made once and shared, because loading the system's store takes milliseconds.
package struct WebTrust: Sendable {
    let context: SSLContext

    /// The certificate authorities of the system (`/etc/ssl/certs`, or SSL_CERT_FILE and SSL_CERT_DIR).
    package static func system() throws(TLSError) -> Self {
        try Self { (pointer) throws(TLSError) in
            guard SSL_CTX_set_default_verify_paths(pointer) == 1 else {
                throw .library("SSL_CTX_set_default_verify_paths")
            }
        }
    }

    /// Only these authorities, for services inside the house.
    package static func only(_ anchors: TrustAnchors) throws(TLSError) -> Self {
        try Self { (pointer) throws(TLSError) in try TLSContext.believe(anchors, on: pointer) }
    }

    private init(anchors: (OpaquePointer) throws(TLSError) -> Void) throws(TLSError) {
        context = try SSLContext(minimumVersion: TLS1_2_VERSION) { (pointer) throws(TLSError) in
            SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER, verifyPeer)
            try anchors(pointer)
        }
    }
}
