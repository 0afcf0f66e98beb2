import COpenSSL

/// Owns an SSL_CTX.
///
/// `@unchecked Sendable`: it is configured in the initialiser's closure and read-only afterwards; SSL_new on several
/// threads at once is what an SSL_CTX is for (its reference count and session cache are locked, the cache is off).
final class SSLContext: @unchecked Sendable {
    let pointer: OpaquePointer

    /// Settings that `configure` makes are complete before anybody else sees the context.
    init(minimumVersion: Int32, configure: (OpaquePointer) throws(TLSError) -> Void) throws(TLSError) {
        ErrorStack.clear()
        guard let pointer = SSL_CTX_new(TLS_method()) else { throw .library("SSL_CTX_new") }
        self.pointer = pointer
        guard fleet_ssl_ctx_set_min_version(pointer, minimumVersion) == 1 else {
            throw .library("set_min_proto_version")
        }
        // Idle connections give their 32 KiB of record buffers back.
        fleet_ssl_ctx_set_mode(pointer, Int(SSL_MODE_RELEASE_BUFFERS))
        fleet_ssl_ctx_disable_session_cache(pointer)
        let options = fleet_ssl_op_no_ticket() | fleet_ssl_op_no_renegotiation() | fleet_ssl_op_server_preference()
        SSL_CTX_set_options(pointer, options)
        // Every connection authenticates anew, so a role that was taken away can't come back by a ticket.
        guard SSL_CTX_set_num_tickets(pointer, 0) == 1 else { throw .library("SSL_CTX_set_num_tickets") }
        // AES-128 first: as strong as P-256, and the fastest with AES-NI.
        let suites = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
        guard SSL_CTX_set_ciphersuites(pointer, suites) == 1 else { throw .library("SSL_CTX_set_ciphersuites") }
        try configure(pointer)
    }

    deinit { SSL_CTX_free(pointer) }
}
