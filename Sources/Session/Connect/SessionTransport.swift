package import TLS

/// What stands between the socket and the frames, and so who the peer is.
package enum SessionTransport: Sendable {
    /// The peer is who its certificate says.
    case tls(TLSContext)
    /// The same, as the endpoint says when the connection is made; it also ends connections of revoked peers.
    case endpoint(TLSEndpoint)
    /// Bytes go as they are; somebody else knows who the peer is (a Unix socket's credentials, a test).
    case plain(peer: PeerIdentity)
}
