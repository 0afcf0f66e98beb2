package import Model
internal import TLS
package import Trust

/// The join tokens of a workspace: made, listed and revoked where ledger and authority are.
package struct JoinTokens: Sendable {
    /// Long enough to log in on a server, short enough that a token in a shell's history is worth nothing soon.
    package static let validity = TimeSpan.hours(1)
    package static let longestValidity = TimeSpan.days(7)

    private let workspace: Workspace

    package init(_ workspace: Workspace) { self.workspace = workspace }

    /// Makes a token that ends every other one of the same host.
    package func make(for host: HostID, valid: TimeSpan, at now: WallTime) async throws -> JoinToken {
        guard valid > .zero, valid <= Self.longestValidity else {
            throw CoordinatorError(
                .enrolment,
                "a token may be good for up to \(Self.longestValidity), not for \(valid): it is a secret that is copied about"
            )
        }
        let authority = try workspace.authority()
        guard let root = authority.anchors.fingerprint else {
            throw CoordinatorError(.workspaceInvalid, "\(workspace.layout.authority) has several roots")
        }
        let token = try JoinToken.make(
            for: host,
            of: try FleetName(parsing: authority.fleet),
            root: root,
            trust: try JoinToken.digest(of: try HostTrust.files(of: workspace)),
            until: now + valid
        )
        let author = workspace.author
        let issued = IssuedToken(id: token.id, host: host, madeBy: author.name, madeAt: now, until: token.until)
        try await workspace.ledger().add(issued, by: author)
        return token
    }

    /// The newest first.
    package func all() async throws -> [IssuedToken] { try await workspace.ledger().joinTokens() }

    /// Revokes what can still be used: the tokens of a host, or the one whose id begins so; answers which.
    package func revoke(_ text: String, at now: WallTime) async throws -> [IssuedToken] {
        let ledger = try workspace.ledger()
        let found = try await ledger.joinTokens().filter { token in
            token.isAlive(at: now)
                && (token.host.text == text || text.utf8.count >= 8 && token.id.hex.hasPrefix(text))
        }
        guard !found.isEmpty else {
            throw CoordinatorError(
                .memberUnknown,
                "no token that could be used is for '\(text)', or has an id that begins so; 'fleet host tokens' shows them"
            )
        }
        try await ledger.revoke(found, by: workspace.author, at: now)
        return found
    }
}
