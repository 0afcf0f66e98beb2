package import Model
package import TLS

/// Who a coordinator is on the wire, and which authority it believes.
package struct Credentials: Sendable {
    package let fleet: FleetName
    package let identity: TLSIdentity
    package let anchors: TrustAnchors

    package init(fleet: FleetName, identity: TLSIdentity, anchors: TrustAnchors) {
        self.fleet = fleet
        self.identity = identity
        self.anchors = anchors
    }

    /// The name in the certificate; what the ledger calls us.
    package var name: String { identity.peer.name }
}
