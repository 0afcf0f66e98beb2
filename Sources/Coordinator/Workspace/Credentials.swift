package import Model
package import TLS

/// Who a coordinator is on the wire, and which authority it believes.
package struct Credentials: Sendable {
    package let fleet: FleetName
    package let identity: TLSIdentity
    package let anchors: TrustAnchors
    /// Whom we believe no more; nil when nothing was revoked.
    package let revocations: RevocationList?

    package init(
        fleet: FleetName,
        identity: TLSIdentity,
        anchors: TrustAnchors,
        revocations: RevocationList? = nil
    ) {
        self.fleet = fleet
        self.identity = identity
        self.anchors = anchors
        self.revocations = revocations
    }

    /// The name in the certificate; what the ledger calls us.
    package var name: String { identity.peer.name }
}
