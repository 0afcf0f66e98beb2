import Model
package import Protocol

/// What a request needs its asker to be allowed; docs/protocol.md has the table of who has which.
package enum Right: String, Hashable, Sendable, CaseIterable {
    /// State, facts and history of a host.
    case read
    /// A service's journal lines, in which anything may stand that it writes.
    case readLogs = "read logs"
    /// Take a rollout's claim, keep it alive, or give it back.
    case claim
    case prepare
    case activate
    /// Say that a release stays.
    case commit
    case revert
    /// Take a service off a host.
    case remove
    /// Forget a release that was only prepared.
    case discard
    /// Say that a release's rollout has succeeded.
    case confirm
    case unhold
    /// Bring bytes to the content store.
    case pushArtifacts = "push artifacts"
    /// Renew a host's certificate, and tell it who was revoked; it believes only what the authority has signed.
    case tendIdentity = "tend identity"
    /// Open the second connection of a transfer that was allowed before it began.
    case transfer
    /// Bring an approver's word on a ledger, which the host checks for itself.
    case vouchForLedgers = "vouch for ledgers"
    /// Bring the next trust root, which the host checks for itself.
    case publishTrust = "publish trust"
    /// Ask a coordinator that serves a team.
    case askTheDesk = "ask the desk"
    /// Ask a coordinator to be made a member, by a token.
    case join

    package init(_ request: Request) {
        switch request {
        case .command(let command): self.init(command.request)
        // Whoever says that it runs a rollout keeps that one's claim alive.
        case .reports(let rollout): self = rollout == nil ? .read : .claim
        case .status, .facts, .history, .figures, .findArtifact, .checkpoints, .trust, .receipts: self = .read
        case .logs: self = .readLogs
        case .pushArtifact, .openBulk: self = .pushArtifacts
        case .dialBulk: self = .transfer
        case .unhold: self = .unhold
        case .ledgerWord: self = .vouchForLedgers
        case .publishTrust: self = .publishTrust
        case .desk: self = .askTheDesk
        case .join: self = .join
        case .membership, .requestCertificate, .installCertificate: self = .tendIdentity
        }
    }

    private init(_ request: HostRequest) {
        switch request {
        case .inspectClaim: self = .read
        case .claim, .releaseClaim: self = .claim
        case .prepare: self = .prepare
        case .migrate, .activate: self = .activate
        case .commit: self = .commit
        case .revert: self = .revert
        case .remove: self = .remove
        case .discard: self = .discard
        case .confirm: self = .confirm
        }
    }
}
