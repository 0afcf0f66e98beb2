import COpenSSL
package import Model

/// How connections of one kind are made: our identity, whom we trust, and who may be at the other end.
///
/// A value; each change answers a new one, and connections that exist keep theirs. Host names and addresses are never
/// trusted: a member of the fleet is who its certificate says it is.
package struct TLSContext: Sendable {
    let context: SSLContext
    let side: Side
    fileprivate(set) var policy: PeerPolicy
    /// The application protocol that both ends must agree on; nil if none is asked for.
    let applicationProtocol: String?
    /// What guests are shown besides our chain; nil where none are let in.
    fileprivate(set) var guestChain: [Certificate]?
    /// SHA-256 of the only root that is believed, where we have no more of it.
    fileprivate(set) var pinnedRoot: Digest?
    /// What is believed no more, on top of the chain's own rules; nil when nothing was revoked.
    package fileprivate(set) var revocations: RevocationList?

    enum Side: Sendable {
        case server
        case client
    }

    /// Serial of the certificate that peers are shown; nil where none is.
    package var shownSerial: String? {
        SSL_CTX_get0_certificate(context.pointer).map { Certificate.text(serial: X509_get0_serialNumber($0)) }
    }

    /// What both ends of a fleet connection speak.
    package static let fleetProtocol = "fleet/1"
    /// What guests speak, and nobody else: a server that lets none in does not know it.
    package static let guestProtocol = "fleet-join/1"

    /// For listeners: TLS 1.3, a client certificate is demanded.
    package static func server(
        identity: TLSIdentity,
        trust: TrustAnchors,
        accepting roles: Set<Role>
    ) throws(TLSError) -> Self {
        try member(.server, identity: identity, trust: trust, roles: roles)
    }

    /// For dialling: TLS 1.3, our certificate is shown.
    ///
    /// Add `expecting(peer:)` whenever the host is known by name.
    package static func client(
        identity: TLSIdentity,
        trust: TrustAnchors,
        accepting roles: Set<Role>
    ) throws(TLSError) -> Self {
        try member(.client, identity: identity, trust: trust, roles: roles)
    }

    /// For outbound HTTPS: TLS 1.2 or later, the server's certificate must name `host`, which is a DNS name or an address.
    ///
    /// `applicationProtocol` is offered by ALPN; a server that ignores the offer is accepted.
    package static func webClient(
        host: String,
        trust: WebTrust,
        applicationProtocol: String? = "http/1.1"
    ) -> Self {
        Self(
            context: trust.context,
            side: .client,
            policy: .webServer(host: host),
            applicationProtocol: applicationProtocol
        )
    }

    /// The same, but only for the peer of this name: dialling host web-1 demands `spiffe://<fleet>/agent/web-1`.
    package func expecting(peer name: String) -> Self {
        guard case .member(let fleet, let roles, _) = policy else { return self }
        var changed = self
        changed.policy = .member(fleet: fleet, roles: roles, name: name)
        return changed
    }

    /// The same for a listener that lets guests in, too: without a certificate, by a protocol of their own.
    ///
    /// They are shown the root, of which they know the digest.
    package func admittingGuests(showing root: TrustAnchors) -> Self {
        var changed = self
        changed.guestChain = root.certificates
        return changed
    }

    /// For a guest who dials: we show no certificate, and believe a coordinator of the authority with this SHA-256.
    package static func guest(of fleet: String, trusting root: Digest) throws(TLSError) -> Self {
        let context = try SSLContext(minimumVersion: TLS1_3_VERSION) { (pointer) throws(TLSError) in
            SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER, verifyPeer)
        }
        return Self(
            context: context,
            side: .client,
            policy: .member(fleet: fleet, roles: [.coordinator], name: nil),
            applicationProtocol: guestProtocol,
            pinnedRoot: root
        )
    }

    /// The same, but for nobody whom the list names.
    package func refusing(_ revocations: RevocationList?) -> Self {
        var changed = self
        changed.revocations = revocations
        return changed
    }

    private static func member(
        _ side: Side,
        identity: TLSIdentity,
        trust: TrustAnchors,
        roles: Set<Role>
    ) throws(TLSError) -> Self {
        let context = try SSLContext(minimumVersion: TLS1_3_VERSION) { (pointer) throws(TLSError) in
            try present(identity, on: pointer)
            try believe(trust, on: pointer)
            SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, verifyPeer)
            SSL_CTX_set_alpn_select_cb(pointer, selectFleetProtocol, nil)
        }
        return Self(
            context: context,
            side: side,
            policy: .member(fleet: identity.peer.fleet, roles: roles, name: nil),
            applicationProtocol: fleetProtocol
        )
    }

    private static func present(_ identity: TLSIdentity, on pointer: OpaquePointer) throws(TLSError) {
        guard SSL_CTX_use_certificate(pointer, identity.certificate.pointer) == 1 else {
            throw .library("SSL_CTX_use_certificate")
        }
        for certificate in identity.intermediates {
            guard fleet_ssl_ctx_add_chain_certificate(pointer, certificate.pointer) == 1 else {
                throw .library("SSL_CTX_add1_chain_cert")
            }
        }
        guard SSL_CTX_use_PrivateKey(pointer, identity.key.pointer) == 1 else {
            throw .library("SSL_CTX_use_PrivateKey")
        }
    }

    /// Adds `trust` to the context's own store, which starts empty.
    static func believe(_ trust: TrustAnchors, on pointer: OpaquePointer) throws(TLSError) {
        let store = SSL_CTX_get_cert_store(pointer)
        for certificate in trust.certificates {
            guard X509_STORE_add_cert(store, certificate.pointer) == 1 else { throw .library("X509_STORE_add_cert") }
        }
    }
}

/// Adds the fleet's own rule at the leaf, inside the handshake, so that the peer is told by an alert.
func verifyPeer(preverified: Int32, store: OpaquePointer?) -> Int32 {
    let depth = X509_STORE_CTX_get_error_depth(store)
    guard let ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()),
        let connection = TLSConnection.of(ssl: OpaquePointer(ssl)),
        let pointer = X509_STORE_CTX_get_current_cert(store), X509_up_ref(pointer) == 1
    else {
        X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION)
        return 0
    }
    let certificate = Certificate(owning: pointer)
    // Signatures and dates are checked after this: a root that is known by its digest is all that was missing.
    if preverified != 1, connection.believesRoot(certificate, despite: X509_STORE_CTX_get_error(store)) {
        X509_STORE_CTX_set_error(store, X509_V_OK)
        return 1
    }
    guard preverified == 1 else {
        connection.refused = depth == 0 ? .member(certificate) : .authority(certificate)
        return preverified
    }
    if connection.context.revocations?.contains(certificate) == true {
        connection.refused = depth == 0 ? .member(certificate) : .authority(certificate)
        X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REVOKED)
        return 0
    }
    guard depth == 0 else { return 1 }
    guard connection.accepts(certificate) else {
        X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION)
        return 0
    }
    return 1
}

/// Selects `fleet/1` from the client's offer, or what guests speak where they are let in.
///
/// Not called when the client offers nothing, so the session checks again.
private func selectFleetProtocol(
    ssl: OpaquePointer?,
    out: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
    outLength: UnsafeMutablePointer<UInt8>?,
    offered: UnsafePointer<UInt8>?,
    length: UInt32,
    argument: UnsafeMutableRawPointer?
) -> Int32 {
    let offer = UnsafeBufferPointer(start: offered, count: Int(length))
    var selected = place(of: TLSContext.fleetProtocol, in: offer)
    if selected == nil, let guest = place(of: TLSContext.guestProtocol, in: offer),
        let ssl, TLSConnection.of(ssl: ssl)?.admitGuest() == true
    {
        selected = guest
    }
    guard let selected else { return SSL_TLSEXT_ERR_ALERT_FATAL }
    out?.pointee = offered.map { $0 + selected.lowerBound }
    outLength?.pointee = UInt8(selected.count)
    return SSL_TLSEXT_ERR_OK
}

/// Where a protocol stands in a client's offer (RFC 7301 section 3.1: each name after its length).
private func place(of name: String, in offer: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
    var index = 0
    while index < offer.count {
        let start = index + 1
        let end = start + Int(offer[index])
        guard end <= offer.count else { return nil }
        if offer[start..<end].elementsEqual(name.utf8) { return start..<end }
        index = end
    }
    return nil
}
