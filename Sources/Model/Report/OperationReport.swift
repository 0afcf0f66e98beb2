/// The change of a service that a host is performing, or has performed last.
package struct OperationReport: Hashable, Codable, Sendable {
    package var origin: Origin
    package var purpose: Purpose
    package var target: ReleaseID
    /// What a revert goes back to; nil at the first deployment.
    package var predecessor: ReleaseID?
    package var phase: ActivationPhase
    package var startedAt: WallTime
    /// Why it was reverted or is stuck.
    package var failure: Failure?
    /// Why a person on the host did it, in their words; told on the host alone.
    package var reason: String?
    /// Whether it waits for the service to be idle; nil where it does not.
    package var awaitsIdle: Bool?

    package init(
        origin: Origin,
        purpose: Purpose,
        target: ReleaseID,
        predecessor: ReleaseID?,
        phase: ActivationPhase,
        startedAt: WallTime,
        failure: Failure? = nil,
        reason: String? = nil,
        awaitsIdle: Bool? = nil
    ) {
        self.origin = origin
        self.purpose = purpose
        self.target = target
        self.predecessor = predecessor
        self.phase = phase
        self.startedAt = startedAt
        self.failure = failure
        self.reason = reason
        self.awaitsIdle = awaitsIdle
    }
}
