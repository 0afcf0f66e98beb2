/// The word that allows named hosts to activate one release: bound to exactly one plan.
///
/// What is signed and sent is its canonical JSON; hosts verify and parse those exact bytes.
package struct Order: Hashable, Codable, Sendable {
    package var plan: Digest
    package var release: Digest
    package var service: ServiceName
    package var environment: EnvironmentName
    /// Sorted.
    package var hosts: [HostID]
    package var epoch: Epoch
    package var rollout: RolloutID
    /// Who asked for the rollout, and therefore never approves it alone.
    package var requester: OperatorName
    /// Why, in the words of the plan.
    package var reason: String?
    /// Checked when the host accepts the order at prepare.
    package var startBy: WallTime
    /// Checked at the switch.
    package var validUntil: WallTime
    /// For named hosts that were away.
    package var catchUpUntil: WallTime

    package init(
        plan: Digest,
        release: Digest,
        service: ServiceName,
        environment: EnvironmentName,
        hosts: [HostID],
        epoch: Epoch,
        rollout: RolloutID,
        requester: OperatorName,
        reason: String? = nil,
        startBy: WallTime,
        validUntil: WallTime,
        catchUpUntil: WallTime
    ) {
        self.plan = plan
        self.release = release
        self.service = service
        self.environment = environment
        self.hosts = hosts.sorted()
        self.epoch = epoch
        self.rollout = rollout
        self.requester = requester
        self.reason = reason
        self.startBy = startBy
        self.validUntil = validUntil
        self.catchUpUntil = catchUpUntil
    }
}
