import COpenSSL
import Glibc
import NIOCore

/// One SSL and what belongs to it; every call answers an enum instead of OpenSSL's return codes.
///
/// Confined to one event loop, like the session that owns it.
final class TLSConnection {
    let context: TLSContext
    let transport = Transport()
    private let ssl: OpaquePointer
    /// Why the verify callback refused the peer; OpenSSL itself only keeps "application verification failure".
    private var refusal: TLSError?
    /// The peer's own certificate, once its chain holds.
    private(set) var offered: Certificate?
    /// The certificate that OpenSSL refused, which it forgets.
    var refused: TLSFailure.Refused?

    /// The failure came from the peer, which closes by itself now.
    private(set) var peerAlerted = false

    init(context: TLSContext) throws(TLSError) {
        self.context = context
        ErrorStack.clear()
        guard let ssl = SSL_new(context.context.pointer) else { throw .library("SSL_new") }
        self.ssl = ssl
        let bio = try transport.makeBIO()
        SSL_set_bio(ssl, bio, bio)  // takes over the one reference when both are the same
        SSL_set_ex_data(ssl, 0, Unmanaged.passUnretained(self).toOpaque())
        switch context.side {
        case .server: SSL_set_accept_state(ssl)
        case .client: SSL_set_connect_state(ssl)
        }
        try offerProtocol()
        try demandHost()
    }

    deinit { SSL_free(ssl) }

    /// The connection that `ssl` belongs to; callbacks of OpenSSL have nothing else.
    static func of(ssl: OpaquePointer) -> TLSConnection? {
        SSL_get_ex_data(ssl, 0).map { Unmanaged<TLSConnection>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Asked by the verify callback in the handshake.
    func accepts(_ certificate: Certificate) -> Bool {
        offered = certificate
        refusal = context.policy.refusal(of: certificate)
        return refusal == nil
    }

    // MARK: - Guests

    /// Whether the peer was let in without a certificate.
    private(set) var isGuest = false

    /// Asks for no certificate, and shows the root along with our chain, if guests are let in here.
    ///
    /// Called while the client's first message is read: nothing has been asked for or shown yet.
    func admitGuest() -> Bool {
        guard let chain = context.guestChain else { return false }
        for certificate in chain where fleet_ssl_add_chain_certificate(ssl, certificate.pointer) != 1 { return false }
        SSL_set_verify(ssl, SSL_VERIFY_NONE, nil)
        isGuest = true
        return true
    }

    /// Whether `root` ends a chain that has no other fault than that we did not know it, and is the one that we go by.
    func believesRoot(_ root: Certificate, despite error: Int32) -> Bool {
        guard let pinned = context.pinnedRoot, error == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN else { return false }
        guard root.fingerprint != pinned else { return true }
        refusal = TLSError(
            .wrongAuthority,
            "peer",
            advice: "belongs to the authority with SHA-256 \(root.fingerprint), expected \(pinned): is this the "
                + "coordinator of your fleet? nothing was sent to it"
        )
        return false
    }

    /// What both ends of this connection know and nobody else does (RFC 9266): a proof that names it counts here only.
    var channelBinding: [UInt8]? {
        let label = "EXPORTER-Channel-Binding"
        var bytes = [UInt8](repeating: 0, count: 32)
        ErrorStack.clear()
        guard SSL_export_keying_material(ssl, &bytes, bytes.count, label, label.utf8.count, nil, 0, 0) == 1 else {
            ErrorStack.clear()
            return nil
        }
        return bytes
    }

    // MARK: - Handshake

    enum HandshakeResult {
        case done
        case needsInput
        case failed(TLSError)
    }

    func handshake() -> HandshakeResult {
        ErrorStack.clear()
        let result = SSL_do_handshake(ssl)
        guard result != 1 else { return .done }
        guard SSL_get_error(ssl, result) != SSL_ERROR_WANT_READ else { return .needsInput }
        return .failed(failure())
    }

    /// Serials of the peer's whole chain, the root's too, once the handshake is complete.
    var peerSerials: [String] {
        guard let chain = SSL_get0_verified_chain(ssl) else { return [] }
        return (0..<OPENSSL_sk_num(chain)).compactMap { index in
            guard let raw = OPENSSL_sk_value(chain, index) else { return nil }
            return Certificate.text(serial: X509_get0_serialNumber(OpaquePointer(raw)))
        }
    }

    var selectedProtocol: String? {
        var bytes: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        SSL_get0_alpn_selected(ssl, &bytes, &count)
        return count == 0 ? nil : String(decoding: UnsafeBufferPointer(start: bytes, count: Int(count)), as: UTF8.self)
    }

    // MARK: - Data

    enum ReadResult {
        /// This many bytes were appended to the buffer.
        case read(Int)
        case needsInput
        /// The peer's close_notify: nothing follows.
        case ended
        case failed(TLSError)
    }

    /// Decrypts into the free space of `buffer`, at most one record.
    func read(into buffer: inout ByteBuffer) -> ReadResult {
        ErrorStack.clear()
        var count = 0
        var result: Int32 = 0
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 1) { free in
            result = SSL_read_ex(ssl, free.baseAddress, free.count, &count)
            return count
        }
        guard result != 1 else { return .read(count) }
        return switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ: .needsInput
        case SSL_ERROR_ZERO_RETURN: .ended
        case _: .failed(failure())
        }
    }

    /// Decrypted bytes of the current record that were not read yet.
    var pendingCount: Int { Int(SSL_pending(ssl)) }

    /// Encrypts all of `bytes` into the transport; nil on success.
    func write(_ bytes: UnsafeRawBufferPointer) -> TLSError? {
        guard bytes.count > 0 else { return nil }
        ErrorStack.clear()
        var count = 0
        guard SSL_write_ex(ssl, bytes.baseAddress, bytes.count, &count) == 1 else { return failure() }
        return nil
    }

    /// Puts our close_notify into the transport.
    func sayGoodbye() {
        ErrorStack.clear()
        SSL_shutdown(ssl)
        ErrorStack.clear()
    }

    // MARK: - Private

    private func failure() -> TLSError {
        let stack = ErrorStack.take()
        peerAlerted = stack.entries.contains { $0.reason > SSL_AD_REASON_OFFSET }
        return TLSFailure(
            stack: stack,
            verification: SSL_get_verify_result(ssl),
            refusal: refusal,
            refused: refused,
            side: context.side
        ).error
    }

    private func offerProtocol() throws(TLSError) {
        guard context.side == .client, let name = context.applicationProtocol else { return }
        let offer = [UInt8(name.utf8.count)] + Array(name.utf8)
        // Unlike all others, this call answers 0 on success.
        guard SSL_set_alpn_protos(ssl, offer, UInt32(offer.count)) == 0 else { throw .library("SSL_set_alpn_protos") }
    }

    private func demandHost() throws(TLSError) {
        guard case .webServer(let host) = context.policy else { return }
        if Self.isAddress(host) {
            guard X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) == 1 else { throw .library("set1_ip_asc") }
        } else {
            SSL_set_hostflags(ssl, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
            guard SSL_set1_host(ssl, host) == 1 else { throw .library("SSL_set1_host") }
            // RFC 6066 section 3: never an address.
            guard fleet_ssl_set_server_name(ssl, host) == 1 else { throw .library("SSL_set_tlsext_host_name") }
        }
    }

    private static func isAddress(_ host: String) -> Bool {
        var address = in6_addr()
        return inet_pton(AF_INET, host, &address) == 1 || inet_pton(AF_INET6, host, &address) == 1
    }
}
