package import Protocol
package import TLS

/// Who may ask what, by the role in the peer's certificate; the same table stands in docs/protocol.md.
///
/// An operator's laptop runs the coordinator's engine in embedded mode, so it needs the coordinator's words. A viewer is for
/// dashboards and for people who only look: not even logs, which may hold anything. An agent asks nothing: whoever owns one
/// host gains nothing on another. A guest has no certificate, and joins or leaves; who is a member has nothing to join.
package enum RoleTable {
    /// The rights of a role.
    package static func rights(of role: Role) -> Set<Right> {
        switch role {
        case .coordinator, .operator: Set(Right.allCases).subtracting([.join])
        case .viewer: [.read]
        case .agent: [.transfer]
        case .guest: [.join]
        }
    }

    /// Answers why `peer` may not ask `request`, or nil.
    package static func refusal(of peer: PeerIdentity, request: Request) -> Problem? {
        let right = Right(request)
        guard !rights(of: peer.role).contains(right) else { return nil }
        let able = Role.allCases.filter { rights(of: $0).contains(right) }.map(\.rawValue).joined(separator: " or ")
        guard right != .join else { return .refused("\(peer) is a member of the fleet already, only guests may join") }
        return .refused(
            "\(peer) has role \(peer.role), which may not \(right.rawValue); that takes a certificate with role \(able)"
        )
    }
}
