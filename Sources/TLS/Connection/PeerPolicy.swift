/// Whom a connection accepts at the other end.
enum PeerPolicy: Hashable, Sendable {
    /// A member of our fleet with one of these roles, and of this name if there is one.
    case member(fleet: String, roles: Set<Role>, name: String?)
    /// A public server whose certificate names this host; OpenSSL itself checks it.
    case webServer(host: String)

    /// Answers why `certificate` is refused; its chain and dates have been checked before.
    func refusal(of certificate: Certificate) -> TLSError? {
        switch self {
        case .webServer:
            return nil
        case .member(let fleet, let roles, let name):
            do throws(TLSError) {
                return Self.refusal(of: try certificate.identity(), fleet: fleet, roles: roles, name: name)
            } catch {
                return error
            }
        }
    }

    private static func refusal(of peer: PeerIdentity, fleet: String, roles: Set<Role>, name: String?) -> TLSError? {
        guard peer.fleet == fleet else {
            return TLSError(
                .wrongFleet,
                "\(peer)",
                advice: "belongs to another fleet, ours is '\(fleet)'; is this the right host?"
            )
        }
        guard roles.contains(peer.role) else {
            let wanted = roles.map(\.rawValue).sorted().joined(separator: " or ")
            return TLSError(
                .wrongRole,
                "\(peer)",
                advice:
                    "has role \(peer.role), expected \(wanted); issue a certificate with 'fleet ca issue' for that role"
            )
        }
        if let name, peer.name != name {
            return TLSError(
                .wrongName,
                "\(peer)",
                advice:
                    "answered where '\(name)' was expected; check the address, or issue this host its own certificate"
            )
        }
        return nil
    }
}
