/// What the handler tells the rest of the pipeline, as inbound user events.
package enum TLSEvent: Hashable, Sendable {
    /// The handshake is complete, the peer is an accepted member of the fleet and speaks our protocol.
    ///
    /// On the dialling side the peer may still refuse *us*: TLS 1.3 tells that with the first bytes that are read.
    case handshakeCompleted(PeerIdentity)
    /// The handshake with a public server is complete and its certificate names the host.
    case serverVerified(host: String, applicationProtocol: String?)
}
