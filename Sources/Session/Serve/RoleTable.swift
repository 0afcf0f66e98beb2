package import Protocol
package import TLS

/// Who may ask what, by the role in the peer's certificate.
///
/// | role        | reads | host commands | artifacts |
/// |-------------|-------|---------------|-----------|
/// | coordinator | yes   | yes           | yes       |
/// | operator    | yes   | yes           | yes       |
/// | agent       | no    | no            | no        |
///
/// An operator's laptop runs the coordinator's engine in embedded mode, so it needs the coordinator's words. An agent
/// asks nothing: whoever owns one host gains nothing on another.
package enum RoleTable {
    /// Answers why `peer` may not ask `request`, or nil.
    package static func refusal(of peer: PeerIdentity, request: Request) -> Problem? {
        switch (peer.role, Need(request)) {
        case (.coordinator, _), (.operator, _), (.agent, .transport): nil
        case (.agent, .read), (.agent, .change):
            .refused(
                "\(peer) has role \(peer.role), which may not ask this; use an operator's or a coordinator's certificate"
            )
        }
    }

    private enum Need {
        case read
        case change
        /// Part of a transfer that was allowed before it began.
        case transport

        init(_ request: Request) {
            switch request {
            case .status, .reports, .facts, .history, .logs, .findArtifact, .checkpoints: self = .read
            case .command, .pushArtifact, .openBulk, .unhold, .ledgerWord, .desk: self = .change
            case .dialBulk: self = .transport
            }
        }
    }
}
