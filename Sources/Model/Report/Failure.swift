/// What went wrong on a host, with the evidence that an operator needs at night.
package struct Failure: Error, Hashable, Codable, Sendable, CustomStringConvertible {
    package enum Code: String, Codable, Sendable, CaseIterable {
        case artifactMissing = "artifact.missing"
        case artifactDigest = "artifact.digest_mismatch"
        case artifactRefused = "artifact.refused"
        case provenanceRefused = "provenance.refused"
        case orderRefused = "order.refused"
        /// Not enough people whom this host knows have approved exactly this order.
        case approvalRefused = "approval.refused"
        /// Past the time that its order gave; a new order helps.
        case orderExpired = "order.expired"
        /// Somebody else holds the service.
        case claimRefused = "claim.refused"
        /// Nobody holds the service here: claim first.
        case claimMissing = "claim.missing"
        case epochStale = "epoch.stale"
        case diskFull = "disk.full"
        case specInvalid = "spec.invalid"
        case credentialMissing = "credential.missing"
        case unitForeign = "unit.foreign"
        case unitStart = "unit.start_failed"
        case unitUnstable = "unit.unstable"
        case checkFailed = "check.failed"
        case hookFailed = "hook.failed"
        /// A load balancer could not be told about this host, or does not find it well.
        case trafficFailed = "traffic.failed"
        /// The service is at something that must not be ended, and so it was not stopped.
        case serviceBusy = "service.busy"
        /// A migration said that it failed.
        case migrationFailed = "migration.failed"
        /// Nobody knows how far a migration has come.
        case migrationUnknown = "migration.unknown"
        case deadline = "deadline.exceeded"
        case commitMissing = "commit.missing"
        case rebooted = "host.rebooted"
        case held = "host.held"
        /// The host is not as its release left it.
        case drifted = "host.drifted"
        case unreachable = "host.unreachable"
        case nothingToRollBackTo = "rollback.no_target"
        case busy = "operation.busy"
        case cancelled = "operation.cancelled"
        /// The coordinator's ledger is unknown here, or its history is not the one that was seen before.
        case ledgerRefused = "ledger.refused"
        /// The proof begins where this host does not stand any more; asking anew helps.
        case ledgerMoved = "ledger.moved"
        case internalError = "internal.error"
    }

    package let code: Code
    /// One sentence: what was found and what was expected.
    package let message: String
    /// Last journal lines, the check's answer; at most a few dozen lines.
    package let evidence: [String]

    package init(_ code: Code, _ message: String, evidence: [String] = []) {
        self.code = code
        self.message = message
        self.evidence = evidence
    }

    package var description: String { "\(message) [\(code.rawValue)]" }
}
