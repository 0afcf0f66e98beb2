/// One change of a service that a host has ended, as its receipt says it for ever.
package struct HostAct: Hashable, Codable, Sendable {
    package enum Outcome: String, Codable, Sendable, CaseIterable {
        /// The release stays.
        case committed
        /// It stays without a commit, which its plan allows; another act says what becomes of it.
        case kept
        /// The release before is back.
        case reverted
        /// Neither could be brought up.
        case stuck
    }

    package var service: ServiceName
    package var environment: EnvironmentName
    package var outcome: Outcome
    package var purpose: Purpose
    /// What was changed to.
    package var release: ReleaseID
    package var artifact: Digest?
    /// What a revert goes back to; nil at the first deployment.
    package var predecessor: ReleaseID?
    /// What the host counts as its release now; nil when it has none.
    package var running: ReleaseID?
    /// Nil for what was done on the host itself.
    package var request: RequestID?
    /// SHA-256 of the order's exact bytes; nil where none was needed.
    package var order: Digest?
    /// Who asked: the order's requester, the claim's holder, or the user on the host.
    package var by: String
    package var at: WallTime
    /// Why a person on the host did it, in their words.
    package var reason: String?
    /// Set when it came without the approvals that this host demands.
    package var breakGlass: BreakGlass?
    /// The rollout from whose hands a person on the host has taken the service.
    package var brokenClaim: RolloutID?
    /// Why it did not stay.
    package var failure: Failure.Code?

    package init(
        service: ServiceName,
        environment: EnvironmentName,
        outcome: Outcome,
        purpose: Purpose,
        release: ReleaseID,
        artifact: Digest? = nil,
        predecessor: ReleaseID? = nil,
        running: ReleaseID? = nil,
        request: RequestID? = nil,
        order: Digest? = nil,
        by: String,
        at: WallTime
    ) {
        self.service = service
        self.environment = environment
        self.outcome = outcome
        self.purpose = purpose
        self.release = release
        self.artifact = artifact
        self.predecessor = predecessor
        self.running = running
        self.request = request
        self.order = order
        self.by = by
        self.at = at
    }

    /// Whether it was done on the host itself, without a coordinator.
    package var isLocal: Bool { request == nil }
}
